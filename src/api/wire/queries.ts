/** A series of an answer: its labels, and pairs of seconds and a number as text, as Prometheus writes them. */
export type MatrixRow = Readonly<{
  metric: Readonly<Record<string, string>>
  values: readonly (readonly [number, string])[]
}>

export type VectorRow = Readonly<{
  metric: Readonly<Record<string, string>>
  value: readonly [number, string]
}>

/** What commands ask of the HTTP API of Prometheus. */
export type QueryRoutes = {
  /** ?query= &start= &end= &step= in seconds. */
  'GET /api/v1/query_range': {
    data: { resultType: 'matrix'; result: readonly MatrixRow[] }
    warnings?: readonly string[]
  }
  /** ?query= [&time=] of a vector. */
  'GET /api/v1/query': {
    data: { resultType: 'vector'; result: readonly VectorRow[] }
    warnings?: readonly string[]
  }
  /** ?match[]= of a selector [&start=] [&end=] in seconds. */
  'GET /api/v1/series': { data: readonly Readonly<Record<string, string>>[] }
  /** ?match[]= of a selector. */
  'GET /api/v1/labels': { data: readonly string[] }
}
