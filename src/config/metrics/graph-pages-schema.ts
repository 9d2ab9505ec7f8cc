/** The shape of `metrics.pages` in `tandem.ts`. */
import { z } from 'zod'
import { type GraphPageConfig, graphUnits } from './graph-pages.ts'
import { list, named, object, short, text } from '../values/wanted.ts'

const line = (example: string) => text(`a line of text, such as '${example}'`, /^[^\p{Cc}]{1,200}$/u)
const promql = text("PromQL, such as 'sum(rate(orders_total[$window]))'", /^[^\0]{1,10000}$/)
const unit = z.enum(graphUnits, { error: `a unit: ${graphUnits.map((one) => `'${one}'`).join(', ')}` })
const axis = z.enum(['left', 'right'], { error: "'left' or 'right'" })
const from = z.enum(['zero', 'fitted'], { error: "'zero' or 'fitted'" })
const pageWord = { of: 'letters, digits, dots, dashes and underscores', pattern: /^[A-Za-z0-9][\w.-]{0,62}$/ }

export const graphQuery = short(
  'query',
  object(
    { query: promql, name: line('{{host}}').optional(), unit: unit.optional(), axis: axis.optional() },
    "query: 'sum(rate(orders_total[$window]))', name: 'orders'",
  ),
)

export const graphPanel = object(
  {
    title: line('Orders'),
    queries: list(graphQuery, "'sum(rate(orders_total[$window]))'"),
    unit: unit.optional(),
    from: from.optional(),
  },
  "title: 'Orders', queries: ['sum(rate(orders_total[$window]))']",
)

export const graphPage = object(
  {
    title: line('The shop').optional(),
    panels: list(graphPanel, "{ title: 'Orders', queries: ['sum(rate(orders_total[$window]))'] }"),
  },
  'panels: []',
)

export const graphPages = named(pageWord, graphPage, 'shop: { panels: [] }')

/** What is meant by `metrics.pages`, and by leaving it out. */
export function graphPagesConfig(pages: z.output<typeof graphPages> = {}): readonly GraphPageConfig[] {
  return Object.entries(pages).map(([name, page]) => ({
    name,
    title: page.title ?? name,
    panels: page.panels.map((panel) => ({
      title: panel.title,
      from: panel.from ?? 'zero',
      queries: panel.queries.map((query) => ({
        query: query.query,
        name: query.name ?? '',
        unit: query.unit ?? panel.unit ?? 'number',
        axis: query.axis ?? 'left',
      })),
    })),
  }))
}
