import type { PanelView, QueryView, Unit as UnitView } from '../../../api/wire/graphs.ts'

export type Unit = UnitView
export type PanelQuery = QueryView
/** What is drawn, whoever has thought of it. */
export type PanelWish = PanelView

type Query = Readonly<{ query: string; name?: string; unit?: Unit; axis?: 'left' | 'right' }>

/** A panel of queries that are all counted in the same unit, unless they say otherwise. */
export function panel(title: string, unit: Unit, ...queries: readonly (string | Query)[]): PanelWish {
  const whole = queries.map((one): PanelQuery => {
    const {
      query,
      name = '',
      unit: own = unit,
      axis = 'left',
    } = typeof one === 'string' ? { query: one } : one
    return { query, name, unit: own, axis }
  })
  return { title, from: 'zero', queries: whole }
}

/** A text between quotes of PromQL. */
export const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
