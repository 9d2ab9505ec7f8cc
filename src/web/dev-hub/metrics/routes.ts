import type { GraphPageView } from '../../../api/wire/graphs.ts'
import type { ChangeMarkView, MarkRoutes } from '../../../api/wire/marks.ts'
import type { ChangeView } from '../../../api/wire/wire.ts'
import { isOver } from '../../../change/status.ts'
import { TroubleError } from '../../../change/trouble.ts'
import { answer, type Known } from '../../../metrics/asking/ask.ts'
import type { Answered, AskRoute } from '../../../metrics/metrics-side.ts'
import { usual } from '../../../metrics/promql/engine.ts'
import type { PlayLedger } from '../ledger.ts'
import { findPlayed, lookUpPlayed, playSource } from './play-source.ts'

const descriptions: Known['descriptions'] = new Map([
  ['shop_orders_total', { type: 'counter', help: 'Orders that were paid.', unit: '' }],
  ['shop_basket_size', { type: 'gauge', help: 'Things in a basket, on average.', unit: '' }],
])

/** The routes of Prometheus that the dashboard uses: answered by the real engine, over numbers that are made up. */
export async function prometheusRoute(path: string, query: URLSearchParams): Promise<Answered> {
  const [, label] = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path) ?? []
  const route = label === undefined ? routes.find((one) => path === `/api/v1/${one}`) : 'label_values'
  if (route === undefined)
    throw new TroubleError({ what: `this hub does not play ${path}`, now: 'look at the real one' })
  const asking = { ...usual, source: playSource, look: lookUpPlayed }
  const known = { asking, find: findPlayed, descriptions, nowMs: Date.now() }
  return answer({ route, name: label ?? '', params: query.toString() }, known)
}

const routes: readonly AskRoute[] = ['query', 'query_range', 'labels', 'series', 'metadata']

/** What is marked in a span: the changes of the played ledger, and what others have said. */
export function marksOf(ledger: PlayLedger, fromMs: number, toMs: number): MarkRoutes['GET /api/marks'] {
  const changes = ledger
    .views()
    .filter(({ orderedAt, endedAt }) => orderedAt <= toMs && (endedAt ?? Infinity) >= fromMs)
    .map(markOf)
  const told = ledger.asides.flatMap((aside) => {
    if (aside.type !== 'marked' || aside.from > toMs || (aside.until ?? aside.from) < fromMs) return []
    const { seq, sender, title, text, tags, who, from, until } = aside
    return [{ type: 'other' as const, seq, sender, title, text, tags, who, from, until }]
  })
  return { marks: [...changes, ...told], isCut: false, seq: ledger.seq() }
}

function markOf(change: ChangeView): ChangeMarkView {
  const { id, kind, does, target, title, who, door, why, status, reverts, revertedBy, orderedAt, endedAt } =
    change
  const isBegun = change.steps.done > 0 || (isOver(status) && status !== 'refused' && status !== 'withdrawn')
  const startedAt = isBegun ? orderedAt + 400 : null
  const what = { id, kind, does, target, title, who, door, why }
  return { type: 'change', ...what, status, reverts, revertedBy, orderedAt, startedAt, endedAt }
}

/** A page as a team writes it: orders beside what they cost. */
export const playPages: readonly GraphPageView[] = [
  {
    name: 'shop',
    title: 'The shop',
    panels: [
      {
        title: 'Orders and time to answer',
        from: 'zero',
        queries: [
          {
            query: 'sum(rate(shop_orders_total[$window]))',
            name: 'orders',
            unit: 'per second',
            axis: 'left',
          },
          {
            query: 'avg(haproxy_backend_response_time_average_seconds{app="shop"})',
            name: 'time to answer',
            unit: 'seconds',
            axis: 'right',
          },
        ],
      },
      {
        title: 'Baskets',
        from: 'fitted',
        queries: [{ query: 'shop_basket_size', name: '{{host}}', unit: 'number', axis: 'left' }],
      },
    ],
  },
]
