import type { Fault, Faults } from '../lines/fault.ts'
import type { TakeLine } from '../lines/lines-of.ts'
import { type Event, isSaid, readCheckStatus, readEvent } from './said.ts'
import type { Tally } from './tally.ts'

type World = Readonly<{
  faults: Faults
  now: () => number
  /** Says the event on; false when there were too many. */
  tell: (event: Event) => boolean
}>

/** Takes lines of StatsD and DogStatsD: metrics are counted, events told, and checks kept as gauges. */
export function takeStatsd(tally: Tally, world: World): TakeLine {
  return (bytes, from, to) => {
    if (!isSaid(bytes, from)) {
      tally.take(bytes, from, to)
      return
    }
    const fault = takeSaid(Buffer.from(bytes.subarray(from, to)), tally, world)
    if (fault !== null) world.faults.add(fault, bytes, from, to)
  }
}

function takeSaid(line: Buffer, tally: Tally, { now, tell }: World): Fault | null {
  if (line[1] === 's'.charCodeAt(0)) {
    const status = readCheckStatus(line)
    return typeof status === 'string' ? status : tally.setGauge(status.sent, status.value)
  }
  const event = readEvent(line, now())
  if (typeof event === 'string') return event
  return tell(event) ? null : 'too many events'
}
