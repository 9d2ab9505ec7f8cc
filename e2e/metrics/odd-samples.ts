import { type Labels, labelsOf } from '../../src/metrics/labels.ts'
import type { WrittenSample } from '../../src/metrics/memory-source.ts'

import type { OwnSamples } from '../../src/metrics/metrics-side.ts'

type Written = { readonly labels: Labels; readonly samples: WrittenSample[] }

const everyMs = 15_000

/** An hour of series that end at a time: plain ones, and what is easily written otherwise. */
export function oddSamples(toMs: number): readonly Written[] {
  const times = Array.from({ length: 240 }, (_, nth) => toMs - (239 - nth) * everyMs)
  const series = (labels: Record<string, string>, value: (nth: number) => number | 'stale'): Written => ({
    labels: labelsOf(labels),
    samples: times.map((atMs, nth) => ({ atMs, value: value(nth) })),
  })
  return [
    ...['web', 'db', 'lb'].map((job, at) =>
      series({ __name__: 'up', job, instance: `${job}1:9100` }, (nth) => ((nth + at) % 50 === 0 ? 0 : 1)),
    ),
    ...['200', '404', '500'].map((code, at) =>
      series({ __name__: 'http_requests_total', code, job: 'web', instance: 'web1:9100' }, (nth) =>
        nth > 120 ? (nth - 120) * (3 - at) : nth * (3 - at),
      ),
    ),
    ...['0.1', '0.5', '+Inf'].map((le, at) =>
      series({ __name__: 'latency_seconds_bucket', le, job: 'web' }, (nth) => nth * (at + 1)),
    ),
    series({ __name__: 'odd', is: 'tiny' }, (nth) => 1e-7 * nth),
    series({ __name__: 'odd', is: 'huge' }, (nth) => 1e21 * nth),
    series({ __name__: 'odd', is: 'not a number' }, (nth) => (nth % 2 === 0 ? NaN : -Infinity)),
    series({ __name__: 'odd', is: '<a & "b">\n\\ ü\u2028' }, (nth) => -nth / 3),
    series({ __name__: 'odd', is: 'gone' }, (nth) => (nth === 200 ? 'stale' : nth > 200 ? 'stale' : nth)),
  ]
}

export function ownSamples(series: readonly Written[]): OwnSamples {
  const all = series.flatMap(({ labels, samples }) => samples.map((sample) => ({ labels, ...sample })))
  return {
    labels: all.map(({ labels }) => labels),
    times: all.map(({ atMs }) => atMs),
    values: all.map(({ value }) => (value === 'stale' ? 0 : value)),
    stale: [...all.entries()].flatMap(([at, { value }]) => (value === 'stale' ? [at] : [])),
  }
}

/** Twenty minutes of many series, so that there is something to compute. */
export function many(series: number, toMs: number): OwnSamples {
  const names = Array.from({ length: series }, (_, nth) => labelsOf({ __name__: 'load', nth: String(nth) }))
  const times = Array.from({ length: 1200 }, (_, nth) => toMs - (1199 - nth) * 1000)
  const all = names.flatMap((labels) => times.map((ms) => ({ labels, ms })))
  return {
    labels: all.map(({ labels }) => labels),
    times: all.map(({ ms }) => ms),
    values: all.map(({ ms }) => ms % 7),
    stale: [],
  }
}
