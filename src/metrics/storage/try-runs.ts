import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { compareLabels, type Labels, labelsOf } from '../labels.ts'
import { measure } from '../try-measure.ts'
import type { Run } from '../source.ts'

const { path: scrapes, missing } = measure('real-scrapes.ndjson.gz')

export const noScrapes = missing ?? false

type Scrape = Readonly<{ t: number; job: string; body: string }>
type Growing = Readonly<{ labels: Labels; times: number[]; values: number[] }>

/** The series of the real scrapes, sorted by their labels. */
export function realRuns(): readonly Run[] {
  const lines = gunzipSync(readFileSync(scrapes)).toString().trim().split('\n')
  const bodies = lines.map((line) => JSON.parse(line) as Scrape).toSorted((a, b) => a.t - b.t)
  const series = new Map<string, Growing>()
  for (const { t, job, body } of bodies)
    for (const line of body.split('\n'))
      if (line !== '' && !line.startsWith('#')) add(series, job, { t, line })
  return [...series.values()]
    .toSorted((a, b) => compareLabels(a.labels, b.labels))
    .map(({ labels, times, values }) => ({
      labels,
      times: Float64Array.from(times),
      values: Float64Array.from(values),
      stale: null,
    }))
}

function add(
  series: Map<string, Growing>,
  job: string,
  { t, line }: Readonly<{ t: number; line: string }>,
): void {
  const at = line.lastIndexOf(' ')
  const key = `${job} ${line.slice(0, at)}`
  let found = series.get(key)
  if (found === undefined) {
    const [name = '', rest = ''] = line.slice(0, at).split(/\{(.*)\}/)
    const pairs = [...rest.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [
      label,
      value,
    ])
    found = {
      labels: labelsOf({ __name__: name, job, instance: `${job}:9100`, ...Object.fromEntries(pairs) }),
      times: [],
      values: [],
    }
    series.set(key, found)
  }
  found.times.push(t)
  found.values.push(Number(line.slice(at + 1)))
}

/** Whether two runs are the same, bit by bit. */
export function sameRun(a: Run, b: Run): boolean {
  const same = (one: Float64Array, other: Float64Array): boolean =>
    one.length === other.length && one.every((value, at) => Object.is(value, other[at]))
  const [stale, other] = [a.stale ?? [], b.stale ?? []]
  return (
    compareLabels(a.labels, b.labels) === 0 &&
    same(a.times, b.times) &&
    same(a.values, b.values) &&
    stale.length === other.length &&
    stale.every((at, nth) => at === other[nth])
  )
}
