import type { FarReport } from '../../metrics/metrics-side.ts'

export type { FarReport }

export type FarRoutes = { 'GET /api/metrics/far': FarReport }
