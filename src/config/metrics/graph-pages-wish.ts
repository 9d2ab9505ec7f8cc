/** A page of graphs: what a team looks at together, business beside technical numbers. */
export type GraphPageWish = Readonly<{
  /** Default: its name. */
  title?: string
  panels: readonly PanelWish[]
}>

/** What numbers are counted in. */
export type GraphUnit =
  | 'number'
  | 'per second'
  | 'seconds'
  | 'milliseconds'
  | 'bytes'
  | 'bytes per second'
  | 'percent'
  | 'share'

export type PanelWish = Readonly<{
  title: string
  /** What is drawn: PromQL, one or several. A text is a query of which nothing else is said. */
  queries: readonly (string | QueryWish)[]
  /** What the numbers are counted in, where a query does not say it. Default `number`. */
  unit?: GraphUnit
  /** Where the left axis begins: at zero, or where the numbers do. Default `zero`. */
  from?: 'zero' | 'fitted'
}>

export type QueryWish = Readonly<{
  /** `$window` stands for the length of a step of the graph, at least a minute: `rate(orders_total[$window])`. */
  query: string
  /** What its lines are called: `orders`, or `{{host}}` for what this label says. Default: what tells them apart. */
  name?: string
  unit?: GraphUnit
  /** Numbers of another unit are read at the right axis. Default `left`. */
  axis?: 'left' | 'right'
}>
