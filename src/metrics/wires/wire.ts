import { Points } from '../graphite/points.ts'
import { Faults } from '../lines/fault.ts'
import type { TakeLine } from '../lines/lines-of.ts'
import { Outbox } from '../lines/outbox.ts'
import type { Event } from '../statsd/said.ts'
import { takeStatsd } from '../statsd/take-statsd.ts'
import { Tally } from '../statsd/tally.ts'
import type { StatsdConfig, WireConfig } from '../../config/metrics/wires.ts'

export type WireName = 'statsd' | 'graphite'

/** One protocol of lines: what takes them, and what has become of them so far. */
export type Wire = Readonly<{
  name: WireName
  config: WireConfig
  takeLine: TakeLine
  faults: Faults
  outbox: Outbox
  series: () => number
  /** Puts what is known by now into the outbox. */
  flush: (ms: number) => void
}>

const idleFlushesOf = ({ idleMs, flushMs }: WireConfig): number => Math.max(1, Math.round(idleMs / flushMs))

/** So many events of others are taken in a minute: each is written into the ledger for good. */
const eventsOfAMinute = 60

export function statsdWire(
  config: StatsdConfig,
  { now, tell }: Readonly<{ now: () => number; tell: (event: Event) => void }>,
): Wire {
  const [outbox, faults] = [new Outbox(), new Faults()]
  const { rules, buckets: bounds, seriesLimit } = config
  const options = { rules, bounds, seriesLimit, idleFlushes: idleFlushesOf(config) }
  const tally = new Tally(options, { outbox, faults, nowMs: now() })
  return {
    name: 'statsd',
    config,
    takeLine: takeStatsd(tally, { faults, now, tell: atMost(eventsOfAMinute, now, tell) }),
    faults,
    outbox,
    series: () => tally.series,
    flush: (ms) => tally.flush(ms),
  }
}

export function graphiteWire(config: WireConfig, now: () => number): Wire {
  const [outbox, faults] = [new Outbox(), new Faults()]
  const { rules, seriesLimit } = config
  const points = new Points(
    { rules, seriesLimit, idleFlushes: idleFlushesOf(config) },
    { outbox, faults, now },
  )
  return {
    name: 'graphite',
    config,
    takeLine: (bytes, from, to) => points.take(bytes, from, to),
    faults,
    outbox,
    series: () => points.series,
    flush: () => points.flush(),
  }
}

/** Says events on, so many in a minute; the answer is whether it did. */
function atMost(count: number, now: () => number, tell: (event: Event) => void): (event: Event) => boolean {
  let [minute, told] = [0, 0]
  return (event) => {
    const current = Math.floor(now() / 60_000)
    if (current !== minute) [minute, told] = [current, 0]
    if (told >= count) return false
    told += 1
    tell(event)
    return true
  }
}
