import { compareLabels } from '../../src/metrics/labels.ts'
import { type Outgoing, writeRequest } from '../../src/metrics/ingest/remote-write/write-request.ts'
import { compress } from '../../src/metrics/ingest/snappy/compress.ts'
import { readRecording } from '../differential/recorded.ts'
import type { Packed } from './made-samples.ts'

/** The recording of real scrapes as it would be sent: scrape by scrape. */
export function packReal(path: string): Readonly<{ packed: readonly Packed[]; newestMs: number }> {
  const scrapes = new Map<number, Outgoing[]>()
  const series = readRecording(path).toSorted((a, b) => compareLabels(a.labels, b.labels))
  for (const { labels, samples } of series)
    for (const { atMs, value } of samples) {
      const scrape = scrapes.get(atMs) ?? []
      scrapes.set(atMs, scrape)
      const isStale = value === 'stale'
      scrape.push({ labels, times: [atMs], values: [isStale ? 0 : value], stale: isStale ? [0] : null })
    }
  const times = [...scrapes.keys()].toSorted((a, b) => a - b)
  const packed = times.map((ms) => {
    const scrape = scrapes.get(ms) ?? []
    return { body: compress(writeRequest(scrape)), samples: scrape.length }
  })
  return { packed, newestMs: times.at(-1) ?? 0 }
}
