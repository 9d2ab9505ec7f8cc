import type { ByteReader, ByteWriter } from './bytes.ts'

/**
 * Times rise: whole milliseconds, as differences of differences, which are zeros and small numbers where somebody is asked
 * in even steps. The count is not written.
 */
export function writeTimes(times: Float64Array, into: ByteWriter): void {
  let last = 0
  let step = 0
  for (const time of times) {
    into.signed(time - last - step)
    step = time - last
    last = time
  }
}

export function readTimes(from: ByteReader, times: Float64Array): void {
  from.stepsOfSteps(times)
}
