import type { Labels } from '../../labels.ts'
import type { Run } from '../../source.ts'
import type { Room } from '../arena.ts'
import type { ByteWriter } from '../codec/bytes.ts'
import { writeTimes } from '../codec/times.ts'
import { writeValues } from '../codec/values.ts'

/** What of a series says how it is written: how many samples it has, in how many places, from when to when. */
export type Outline = Readonly<{
  samples: number
  places: number
  isEmpty: boolean
  /** All that its column of times is made of. */
  times: readonly Float64Array[]
  stale: Int32Array | null
  fromMs: number
  toMs: number
}>

/** A kind of file: what it begins and ends with, and how its series are written. */
export type Shape<One extends Readonly<{ labels: Labels }>> = Readonly<{
  magic: Buffer
  version: number
  of: (one: One) => Outline
  writeTimes: (one: One, into: ByteWriter) => void
  writeValues: (one: One, into: ByteWriter, room: Room) => void
}>

/** Blocks of samples: docs/formats/metrics-block.md. */
export const ofSamples: Shape<Run> = {
  magic: Buffer.from('TANDEM-B'),
  version: 1,
  of: ({ times, stale }) => ({
    samples: times.length,
    places: times.length,
    isEmpty: times.length === 0,
    times: [times],
    stale,
    fromMs: times[0] ?? 0,
    toMs: times.at(-1) ?? 0,
  }),
  writeTimes: ({ times }, into) => writeTimes(times, into),
  writeValues: ({ values }, into, room) => writeValues(values, into, room),
}
