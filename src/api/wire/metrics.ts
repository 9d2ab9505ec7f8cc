import type { Door } from '../../change/order.ts'
import type { WriteKey } from '../../metrics/metrics-side.ts'
import type { Top } from '../../metrics/storage/top.ts'

/** An order to delete samples of some series, `from` one time `to` another in milliseconds; null: without an end. */
export type DeletionView = Readonly<{
  at: number
  who: string
  door: Door
  selectors: readonly string[]
  from: number | null
  to: number | null
}>

/** What the hub is asked about metrics besides what Prometheus is asked. */
export type MetricRoutes = {
  'GET /api/metric-keys': { keys: readonly WriteKey[] }
  'POST /api/metric-keys': { key: WriteKey; secret: string } // body: { name }
  'DELETE /api/metric-keys/:id': { ok: true }
  /** What there is most of; ?limit= of each, at most 100. */
  'GET /api/metric-top': Top
  /** Newest first; ?limit= at most 200. */
  'GET /api/metric-deletions': { deletions: readonly DeletionView[] }
  'POST /api/metric-deletions': { series: number } // body: { selector, from, to }
}
