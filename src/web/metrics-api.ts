import type { GraphRoutes } from '../api/wire/graphs.ts'
import type { MarkRoutes } from '../api/wire/marks.ts'
import type { Json } from '../change/json.ts'
import type { Span } from './state/metrics/span.ts'

export type Labels = Readonly<Record<string, string>>

/** A series as the Prometheus HTTP API answers it: seconds since the epoch, and the number as text. */
export type RangeSeries = Readonly<{ labels: Labels; points: readonly (readonly [number, string])[] }>
export type InstantSeries = Readonly<{ labels: Labels; value: string }>

/** What a metric is, by its name, as whoever sends it says. */
export type Described = Readonly<Record<string, readonly Readonly<{ type: string; help: string }>[]>>

/** What the dashboard asks about numbers: the Prometheus HTTP API of the hub, and what graphs mark. */
export type MetricsApi = Readonly<{
  marks: (span: Span) => Promise<MarkRoutes['GET /api/marks']>
  range: (query: string, span: Span, stepMs: number, signal: AbortSignal) => Promise<readonly RangeSeries[]>
  instant: (query: string, atMs: number) => Promise<readonly InstantSeries[]>
  /** The names of the metrics of series that were there in that time. */
  metricNames: (match: string, span: Span) => Promise<readonly string[]>
  described: () => Promise<Described>
  graphPages: () => Promise<GraphRoutes['GET /api/graph-pages']>
}>

type Ask = <T>(method: string, path: string, body?: Json, signal?: AbortSignal) => Promise<T>
type QueryOf = (fields: Readonly<Record<string, string | number | null>>) => string

type Found<T> = Readonly<{ status: 'success'; data: T }>
type Vector =
  | Readonly<{
      resultType: 'vector'
      result: readonly Readonly<{ metric: Labels; value: readonly [number, string] }>[]
    }>
  | Readonly<{ resultType: 'scalar' | 'string'; result: readonly [number, string] }>
type Matrix = Readonly<{
  resultType: 'matrix'
  result: readonly Readonly<{ metric: Labels; values: readonly (readonly [number, string])[] }>[]
}>

export function makeMetricsApi(ask: Ask, queryOf: QueryOf): MetricsApi {
  const found = async <T>(
    path: string,
    fields: Readonly<Record<string, string | number | null>>,
    signal?: AbortSignal,
  ) => (await ask<Found<T>>('GET', `/api/v1/${path}?${queryOf(fields)}`, undefined, signal)).data
  return {
    marks: ({ fromMs, toMs }) => ask('GET', `/api/marks?${queryOf({ from: fromMs, to: toMs })}`),
    range: async (query, { fromMs, toMs }, stepMs, signal) => {
      const fields = { query, start: fromMs / 1_000, end: toMs / 1_000, step: stepMs / 1_000 }
      const { result } = await found<Matrix>('query_range', fields, signal)
      return result.map(({ metric, values }) => ({ labels: metric, points: values }))
    },
    instant: async (query, atMs) => {
      const answer = await found<Vector>('query', { query, time: atMs / 1_000 })
      if (answer.resultType !== 'vector') return [{ labels: {}, value: answer.result[1] }]
      return answer.result.map(({ metric, value }) => ({ labels: metric, value: value[1] }))
    },
    metricNames: (match, { fromMs, toMs }) =>
      found('label/__name__/values', { 'match[]': match, start: fromMs / 1_000, end: toMs / 1_000 }),
    described: () => found('metadata', {}),
    graphPages: () => ask('GET', '/api/graph-pages'),
  }
}
