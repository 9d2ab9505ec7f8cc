import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { keyOf, labelsOf } from '../../src/metrics/labels.ts'
import type { Written } from './written.ts'

const file = 'shared/data/real-scrapes.ndjson.gz'

/** The recording of real scrapes, in a folder beside this tree or one of those around it; null where it is not there. */
export function findRecording(from: string): string | null {
  const path = join(from, file)
  if (existsSync(path)) return path
  return dirname(from) === from ? null : findRecording(dirname(from))
}

type Scrape = Readonly<{ t: number; job: string; body: string }>

/** What a Prometheus would have kept of the recording: series end with a marker when a scrape lacks them. */
export function readRecording(path: string): readonly Written[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n')
  const scrapes = lines.map((line) => JSON.parse(line) as Scrape).toSorted((a, b) => a.t - b.t)
  const series = new Map<string, Written>()
  for (const job of ['node', 'app']) {
    let last: readonly Written[] = []
    for (const scrape of scrapes.filter((each) => each.job === job)) {
      const now = samplesOf(scrape).map(({ labels, value }) => {
        const key = keyOf(labels)
        const known: Written = series.get(key) ?? { labels, samples: [] }
        series.set(key, known)
        known.samples.push({ atMs: scrape.t, value })
        return known
      })
      const isThere = new Set(now)
      for (const gone of last) if (!isThere.has(gone)) gone.samples.push({ atMs: scrape.t, value: 'stale' })
      last = now
    }
  }
  return [...series.values()]
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const pair = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g

function samplesOf({ job, body }: Scrape): readonly Readonly<{ labels: Written['labels']; value: number }>[] {
  return body.split('\n').flatMap((text) => {
    const match = text.startsWith('#') ? null : line.exec(text)
    if (match === null) return []
    const [, name = '', inside = '', number = ''] = match
    const pairs = [...inside.matchAll(pair)].map(
      ([, label = '', value = '']) => [label, unescaped(value)] as const,
    )
    const labels = labelsOf({ ...Object.fromEntries(pairs), __name__: name, job, instance: `${job}:1` })
    return [{ labels, value: Number(number.replace(/Inf$/, 'Infinity')) }]
  })
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
}
