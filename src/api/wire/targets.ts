/** A target as Prometheus answers for it. */
export type ActiveTarget = Readonly<{
  labels: Readonly<Record<string, string>>
  /** The label `job`. */
  scrapePool: string
  scrapeUrl: string
  health: 'up' | 'down' | 'unknown'
  lastError: string
  /** In the form of RFC 3339; the year 1 when it was not asked yet. */
  lastScrape: string
  /** Seconds. */
  lastScrapeDuration: number
  scrapeInterval: string
}>

export type TargetRoutes = {
  'GET /api/v1/targets': Readonly<{
    status: 'success'
    data: Readonly<{ activeTargets: readonly ActiveTarget[] }>
  }>
}
