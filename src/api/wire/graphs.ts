/** What numbers are counted in; `share` is a part of 1, and is read as a percentage. */
export type Unit =
  | 'number'
  | 'per second'
  | 'seconds'
  | 'milliseconds'
  | 'bytes'
  | 'bytes per second'
  | 'percent'
  | 'share'

export type QueryView = Readonly<{
  /** PromQL; `$window` is as long as a step of the graph, and at least a minute. */
  query: string
  /** What its series are called; `{{label}}` is filled in. Empty: what tells them apart. */
  name: string
  unit: Unit
  /** The axis it is read at: what has another unit goes to the right. */
  axis: 'left' | 'right'
}>

export type PanelView = Readonly<{
  title: string
  queries: readonly QueryView[]
  /** Where the left axis begins: at zero, or where the numbers do. */
  from: 'zero' | 'fitted'
}>

/** A page of graphs that the team has written in `tandem.ts`. */
export type GraphPageView = Readonly<{ name: string; title: string; panels: readonly PanelView[] }>

export type GraphRoutes = {
  'GET /api/graph-pages': { pages: readonly GraphPageView[] }
}
