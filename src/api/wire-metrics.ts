import type { WriteKey } from '../metrics/metrics-side.ts'

/** What the hub is asked about metrics besides what Prometheus is asked. */
export type MetricRoutes = {
  'GET /api/metric-keys': { keys: readonly WriteKey[] }
  'POST /api/metric-keys': { key: WriteKey; secret: string } // body: { name }
  'DELETE /api/metric-keys/:id': { ok: true }
}
