import type { Random } from '../../lab/random.ts'
import { type Labels, labelsOf } from '../../src/metrics/labels.ts'
import { type Outgoing, writeRequest } from '../../src/metrics/ingest/remote-write/write-request.ts'
import { compress } from '../../src/metrics/ingest/snappy/compress.ts'

/** A request as every keeper is sent it. */
export type Packed = Readonly<{ body: Uint8Array<ArrayBuffer>; samples: number }>

/** Series that a program makes up, and how they go on. */
export type Made = Readonly<{
  labels: readonly Labels[]
  packed: readonly Packed[]
  fromMs: number
  toMs: number
}>

const seriesInRequest = 5_000

/**
 * Half of the series count something and half go up and down, with labels as programs have them; they come tick by tick,
 * as a sender that scrapes them has them.
 */
export function makeSamples(
  random: Random,
  { series, ticks, stepMs, toMs }: Readonly<{ series: number; ticks: number; stepMs: number; toMs: number }>,
): Made {
  const labels = Array.from({ length: series }, (_, at) => labelsAt(at))
  const values = labels.map(() => random.between(0, 1_000))
  const packed: Packed[] = []
  const fromMs = toMs - (ticks - 1) * stepMs
  for (let tick = 0; tick < ticks; tick += 1) {
    const times = [fromMs + tick * stepMs]
    for (let from = 0; from < series; from += seriesInRequest) {
      const part: Outgoing[] = []
      for (let at = from; at < Math.min(series, from + seriesInRequest); at += 1) {
        values[at] = nextOf(random, at, values[at] ?? 0)
        part.push({ labels: labels[at] ?? [], times, values: [values[at] ?? 0], stale: null })
      }
      packed.push({ body: compress(writeRequest(part)), samples: part.length })
    }
  }
  return { labels, packed, fromMs, toMs }
}

const isCounter = (at: number): boolean => at % 2 === 0

function labelsAt(at: number): Labels {
  return labelsOf({
    __name__: isCounter(at) ? 'made_requests_total' : 'made_load',
    job: `job-${Math.floor(at / 200)}`,
    instance: `host-${at % 200}.example.org:9100`,
    region: `region-${at % 5}`,
    zone: `zone-${Math.floor(at / 2) % 4}`,
    path: `/api/things/${at % 50}`,
    fleet: 'one',
  })
}

function nextOf(random: Random, at: number, last: number): number {
  if (isCounter(at)) return last + (random.next() < 0.3 ? 0 : random.between(0, 50))
  return Math.round(100 * Math.max(0, last + random.between(-300, 300) / 100)) / 100
}
