import { setTimeout as pause } from 'node:timers/promises'
import { labelsOf } from '../../src/metrics/labels.ts'
import { writeRequest } from '../../src/metrics/ingest/remote-write/write-request.ts'
import { compress } from '../../src/metrics/ingest/snappy/compress.ts'
import { median } from '../lib/figures.ts'
import { processorMs } from '../lib/process.ts'
import type { Keeper } from './keepers.ts'
import type { Packed } from './made-samples.ts'

/** What is put off by a moment belongs to the work as well. */
const afterMs = 2_000
/** What is compiled while it runs is quick when it has run for a while, and whoever keeps samples runs for months. */
const warmups = 30
const rounds = 11

const sent = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}

/** Sends one request after the other; tells how many samples one second of processor time has taken in. */
export async function ingest(keeper: Keeper, packed: readonly Packed[]): Promise<number> {
  const before = processorMs(keeper.pid())
  let samples = 0
  for (const each of packed) {
    await send(keeper, each)
    samples += each.samples
  }
  await pause(afterMs)
  return samples / ((processorMs(keeper.pid()) - before) / 1000)
}

async function send({ name, address, headers }: Keeper, { body }: Packed): Promise<void> {
  const answer = await fetch(`${address}/api/v1/write`, {
    method: 'POST',
    headers: { ...sent, ...headers },
    body,
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${name} refused samples: ${answer.status} ${text}`)
}

/** One sample more, of a series that nobody asks for. */
export function sendOne(keeper: Keeper): (ms: number) => Promise<void> {
  return async (ms) => {
    const series = { labels: labelsOf({ __name__: 'made_clock' }), times: [ms], values: [1], stale: null }
    await send(keeper, { body: compress(writeRequest([series])), samples: 1 })
  }
}

export type GraphQuestion = Readonly<{ query: string; stepS: number }>

/** How long a graph takes, from the question to the last byte of the answer: the median of some. */
export async function askedMs(
  keeper: Keeper,
  { query, stepS }: GraphQuestion,
  span: Readonly<{ fromMs: number; toMs: number }>,
): Promise<Readonly<{ ms: number; answer: string }>> {
  const { address, headers, uncached } = keeper
  const params = new URLSearchParams({
    query,
    start: String(span.fromMs / 1000),
    end: String(span.toMs / 1000),
    step: String(stepS),
  })
  const times: number[] = []
  let answer = ''
  for (let round = 0; round < warmups + rounds; round += 1) {
    const began = performance.now()
    const response = await fetch(`${address}/api/v1/query_range?${params.toString()}${uncached}`, { headers })
    answer = await response.text()
    if (!response.ok) throw new Error(`${keeper.name}: ${response.status} ${answer}`)
    if (round >= warmups) times.push(performance.now() - began)
  }
  return { ms: median(times), answer }
}

/** How many points an answer has: whoever answers something else is not measured. */
export function pointsIn(answer: string): number {
  const { data } = JSON.parse(answer) as { data: { result: readonly { values: readonly unknown[] }[] } }
  return data.result.reduce((sum, { values }) => sum + values.length, 0)
}
