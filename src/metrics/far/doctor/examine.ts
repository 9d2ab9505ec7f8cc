import { z } from 'zod'
import { labelsOf } from '../../labels.ts'
import type { MetricsSide } from '../../metrics-side.ts'
import { type Answered, differenceOf } from './compare.ts'
import { type NamedSeries, referenceQueries } from './reference-queries.ts'
import type { Compared, Difference } from './report.ts'

export type Engines = Readonly<{
  url: string
  near: MetricsSide['ask']
  far: MetricsSide['ask']
  /** Added to series on their way there. */
  labels: Readonly<Record<string, string>>
  nowMs: number
}>

const minute = 60_000
const stepMs = minute
const spanMs = 30 * minute
/** What is newer may still be on its way, and some engines do not show it yet. */
const unsettledMs = 2 * minute
/** Windows of the queries reach so far back. */
const reachMs = 10 * minute

/** Asks both engines the same, over a time of which both have samples, and says where the far one answers otherwise. */
export async function examine({ url, near, far, labels, nowMs }: Engines): Promise<Compared> {
  const toMs = Math.floor((nowMs - unsettledMs) / stepMs) * stepMs
  const fromMs = Math.min(toMs, await beginningOf(far, toMs))
  const range = { fromMs, toMs }
  const differences: Difference[] = []
  const queries = referenceQueries(await namesOf(near, toMs), labels)
  for (const { here, there } of queries) {
    const answers = [rangeOf(near, here, range), rangeOf(far, there, range)] as const
    const what = differenceOf(await answers[0], await answers[1], labels)
    if (what !== null) differences.push({ query: here, what })
  }
  return { url, fromMs, toMs, stepMs, same: queries.length - differences.length, differences }
}

/** From when on the far engine has what we wrote, and windows reach back to nothing that it lacks. */
async function beginningOf(far: Engines['far'], toMs: number): Promise<number> {
  const oldestMs = toMs - spanMs - reachMs
  const own = await rangeOf(far, 'sum(tandem_far_sent_samples_total)', { fromMs: oldestMs, toMs })
  const [series] = own.type === 'matrix' ? own.series : []
  const first = Math.min(...(series?.values.keys() ?? []))
  return Number.isFinite(first) ? first + reachMs : toMs - spanMs
}

async function namesOf(near: Engines['near'], atMs: number): Promise<readonly NamedSeries[]> {
  const query = 'count by (__name__) ({__name__!=""})'
  const all = await rangeOf(near, query, { fromMs: atMs, toMs: atMs })
  if (all.type === 'error') return []
  return all.series.map(({ labels, values }) => ({ name: labels[1] ?? '', series: values.get(atMs) ?? 0 }))
}

const matrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
})
const refusal = z.object({ error: z.string() })

async function rangeOf(
  ask: MetricsSide['ask'],
  query: string,
  { fromMs, toMs }: Readonly<{ fromMs: number; toMs: number }>,
): Promise<Answered> {
  const said = {
    query,
    start: `${fromMs / 1000}`,
    end: `${toMs / 1000}`,
    step: `${stepMs / 1000}`,
    nocache: '1',
  }
  const { body } = await ask({ route: 'query_range', name: '', params: new URLSearchParams(said).toString() })
  const found = jsonIn(body)
  const read = matrix.safeParse(found)
  if (!read.success) {
    const error = refusal.safeParse(found)
    return { type: 'error', what: error.success ? error.data.error : 'what it answered is no answer' }
  }
  const series = read.data.data.result.map(({ metric, values }) => ({
    labels: labelsOf(metric),
    values: new Map(values.map(([seconds, text]) => [Math.round(seconds * 1000), numberIn(text)])),
  }))
  return { type: 'matrix', series }
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return null
  }
}

function numberIn(text: string): number {
  if (text === '+Inf') return Infinity
  return text === '-Inf' ? -Infinity : Number(text)
}
