import type { Random } from '../../lab/random.ts'
import { labelsOf } from '../../src/metrics/labels.ts'
import type { Written } from './written.ts'

export type Span = Readonly<{ startMs: number; endMs: number }>

/** Series with what real ones seldom have: resets, gaps, ends, NaN, infinities, jitter, histograms, ties. */
export function makeSeries(random: Random, span: Span): readonly Written[] {
  const series: Written[] = []
  for (const job of ['web', 'db', 'queue'])
    for (const instance of ['1', '2', '3', '4']) {
      const labels = { job, instance, zone: random.pick(['a', 'b']) }
      const add = (name: string, more: Record<string, string>, next: (last: number) => number): void => {
        series.push({
          labels: labelsOf({ ...labels, ...more, __name__: name }),
          samples: walk(random, span, next),
        })
      }
      add('made_total', {}, (last) => (random.next() < 0.02 ? 0 : last + random.between(0, 1000) / 7))
      add('made_errors_total', { code: '500' }, (last) => last + (random.next() < 0.1 ? 1 : 0))
      add('made_gauge', {}, (last) => last + random.between(-50, 50) / 3)
      add('made_odd', {}, () =>
        random.pick([NaN, Infinity, -Infinity, 0, -0, 1e-300, 1e300, 0.1, -7, 42, 1e17]),
      )
      add('made_level', { kind: 'fast' }, () => random.between(0, 3))
      add('made_seconds', {}, () => random.between(0, 4_000_000_000))
      histogram(add)
    }
  return series
}

type Add = (name: string, more: Record<string, string>, next: (last: number) => number) => void

function histogram(add: Add): void {
  for (const [at, le] of ['0.1', '0.5', '1', '+Inf'].entries())
    add('made_duration_seconds_bucket', { le }, (last) => last + at + 1)
}

/** A walk of samples, 10 s apart and a little off, that pauses and ends now and then. */
function walk(random: Random, { startMs, endMs }: Span, next: (last: number) => number): Written['samples'] {
  const samples: Written['samples'] = []
  let last = random.between(0, 100)
  let isAway = random.next() < 0.1
  for (let atMs = startMs; atMs <= endMs; atMs += 10_000) {
    if (random.next() < 0.02) {
      isAway = !isAway
      if (isAway && random.next() < 0.5) samples.push({ atMs: atMs + 3, value: 'stale' })
    }
    if (isAway) continue
    last = next(last)
    samples.push({ atMs: atMs + random.pick([0, 0, 0, 5, 40]), value: last })
  }
  return samples
}
