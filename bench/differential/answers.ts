import { keyOf, labelsOf } from '../../src/metrics/labels.ts'
import type { Value } from '../../src/metrics/promql/answer.ts'
import { askAt, askRange, type Asking } from '../../src/metrics/promql/engine.ts'
import { QueryFailure } from '../../src/metrics/promql/failure.ts'
import { parseQuery } from '../../src/metrics/promql/parse/parse.ts'

/** A query, at one time (`stepMs` is 0) or as a graph. */
export type Question = Readonly<{ query: string; startMs: number; endMs: number; stepMs: number }>

/** Values by series and time; or why there are none. */
export type Told = Readonly<{ points: ReadonlyMap<string, number>; failure: string | null }>

export async function askTandem({ query, startMs, endMs, stepMs }: Question, asking: Asking): Promise<Told> {
  try {
    const expression = parseQuery(query)
    const answer =
      stepMs === 0
        ? await askAt(expression, startMs, asking)
        : await askRange(expression, { startMs, endMs, stepMs }, asking)
    return { points: new Map(pointsOf(answer.value)), failure: null }
  } catch (error) {
    if (error instanceof QueryFailure) return { points: new Map(), failure: error.message }
    throw error
  }
}

function pointsOf(value: Value): readonly (readonly [string, number])[] {
  switch (value.type) {
    case 'scalar':
      return [[`${value.atMs}`, value.value]]
    case 'string':
      return []
    case 'vector':
      return value.samples.map(({ labels, atMs, value: number }) => [`${atMs} ${keyOf(labels)}`, number])
    case 'matrix':
      return value.series.flatMap(({ labels, times, values }) =>
        Array.from(times, (ms, at) => [`${ms} ${keyOf(labels)}`, values[at] ?? 0] as const),
      )
  }
}

type Point = readonly [seconds: number, value: string]
type Json = Readonly<{
  status: string
  error?: string
  data: Readonly<{
    resultType: string
    result:
      | Point
      | readonly Readonly<{ metric: Record<string, string>; value?: Point; values?: readonly Point[] }>[]
  }>
}>

export async function askPrometheus(
  { query, startMs, endMs, stepMs }: Question,
  address: string,
): Promise<Told> {
  const body = new URLSearchParams(
    stepMs === 0
      ? { query, time: String(startMs / 1000) }
      : { query, start: String(startMs / 1000), end: String(endMs / 1000), step: String(stepMs / 1000) },
  )
  const path = stepMs === 0 ? 'query' : 'query_range'
  const answer = await fetch(`${address}/api/v1/${path}`, { method: 'POST', body })
  const { status, error, data } = (await answer.json()) as Json
  if (status !== 'success') return { points: new Map(), failure: error ?? 'no reason given' }
  const points = new Map<string, number>()
  const add = ([seconds, value]: Point, metric: Record<string, string> | null): void => {
    const ms = Math.round(seconds * 1000)
    points.set(metric === null ? `${ms}` : `${ms} ${keyOf(labelsOf(metric))}`, numberOf(value))
  }
  if (data.resultType === 'scalar') add(data.result as Point, null)
  else
    for (const entry of data.result as Exclude<typeof data.result, Point>)
      for (const point of entry.values ?? (entry.value === undefined ? [] : [entry.value]))
        add(point, entry.metric)
  return { points, failure: null }
}

function numberOf(text: string): number {
  return Number(text.replace(/Inf$/, 'Infinity'))
}
