import type { GraphUnit } from './graph-pages-wish.ts'

/** `metrics.pages` of `tandem.ts` after it was read: pages of graphs, in the order they were written. */
export type GraphPageConfig = Readonly<{ name: string; title: string; panels: readonly PanelConfig[] }>

export type PanelConfig = Readonly<{
  title: string
  queries: readonly QueryConfig[]
  from: 'zero' | 'fitted'
}>

export type QueryConfig = Readonly<{ query: string; name: string; unit: GraphUnit; axis: 'left' | 'right' }>

export const graphUnits = [
  'number',
  'per second',
  'seconds',
  'milliseconds',
  'bytes',
  'bytes per second',
  'percent',
  'share',
] as const satisfies readonly GraphUnit[]
