import { valueText } from '../promql/format.ts'
import type { Described } from '../intake.ts'
import type { Labels } from '../labels.ts'
import { labelsNamed, type Named, type Sent, splitName, tagsOf } from '../lines/names.ts'
import type { Held } from './held.ts'
import { kinds, type Parts } from './parts.ts'

export type Bounds = Readonly<{ seconds: readonly number[]; values: readonly number[] }>

/** What a line says of its metric: its name as it was sent, and its tags, wherever they stand. */
export function sentIn(bytes: Uint8Array, parts: Parts): Sent {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('utf8')
  const { name, tags } = splitName(text(parts.from, parts.to))
  return { name, tags: { ...tags, ...tagsOf(text(parts.tagsFrom, parts.tagsTo).split(','), ':') } }
}

/** Begins to count a metric, under the name that Prometheus would give it: seconds are said, and totals. */
export function heldFor(kind: number, { name, labels, buckets }: Named, bounds: Bounds): Held {
  switch (kind) {
    case kinds.counter:
      return single('counter', ending(name, '_total'), labels)
    case kinds.gauge:
      return single('gauge', name, labels)
    case kinds.set:
      return single('set', name, labels)
    case kinds.timer:
      return histogram(ending(name.replace(/_(ms|msecs?|millis|milliseconds)$/, ''), '_seconds'), labels, {
        bounds: buckets ?? bounds.seconds,
        divisor: 1000,
      })
    default:
      return histogram(name, labels, { bounds: buckets ?? bounds.values, divisor: 1 })
  }
}

const ending = (name: string, end: string): string => (name.endsWith(end) ? name : name + end)

type LabelRecord = Readonly<Record<string, string>>

function single(kind: 'counter' | 'gauge' | 'set', name: string, labels: LabelRecord): Held {
  const series = [labelsNamed(name, labels)]
  return held(kind, name, { series, bounds: [], divisor: 1, cells: 1 })
}

function histogram(
  name: string,
  { le, ...labels }: LabelRecord,
  { bounds, divisor }: Readonly<{ bounds: readonly number[]; divisor: number }>,
): Held {
  // The name `le` is that of the bounds.
  const own = le === undefined ? labels : { ...labels, exported_le: le }
  const bucket = (bound: string) => labelsNamed(`${name}_bucket`, { ...own, le: bound })
  const series = [
    ...bounds.map((bound) => bucket(valueText(bound))),
    bucket('+Inf'),
    labelsNamed(`${name}_sum`, own),
    labelsNamed(`${name}_count`, own),
  ]
  return held('histogram', name, { series, bounds, divisor, cells: bounds.length + 2 })
}

function held(
  kind: Held['kind'],
  name: string,
  {
    series,
    bounds,
    divisor,
    cells,
  }: Readonly<{ series: readonly Labels[]; bounds: readonly number[]; divisor: number; cells: number }>,
): Held {
  return {
    kind,
    name,
    series,
    bounds: Float64Array.from(bounds),
    divisor,
    // A gauge is nothing until it was set.
    cells: new Float64Array(cells).fill(kind === 'gauge' ? NaN : 0),
    members: new Set(),
    touched: 0,
    sent: [],
  }
}

/** What is said of the metric to who asks what it is. */
export function describedAs({ kind, name }: Held): Described {
  const unit = name.endsWith('_seconds') ? 'seconds' : ''
  switch (kind) {
    case 'counter':
      return { type: 'counter', help: 'counted by StatsD', unit }
    case 'gauge':
      return { type: 'gauge', help: 'as it was set by StatsD', unit }
    case 'set':
      return { type: 'gauge', help: 'how many different ones StatsD saw since the flush before', unit }
    case 'histogram':
      return { type: 'histogram', help: 'observed by StatsD', unit }
  }
}
