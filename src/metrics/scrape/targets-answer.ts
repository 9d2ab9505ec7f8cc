import type { Json } from '../../change/json.ts'
import type { TargetState } from './plan.ts'

/** The targets as Prometheus answers for them. `state` is `any`, `active` or `dropped`; of those that were dropped we know none. */
export function targetsAnswer(states: readonly TargetState[], params: URLSearchParams): Json {
  const [state, pool] = [params.get('state') ?? 'any', params.get('scrapePool')]
  const isAsked = ({ labels }: TargetState): boolean =>
    state !== 'dropped' && (pool === null || pool === '' || labels['job'] === pool)
  return { activeTargets: states.filter(isAsked).map(activeTarget), droppedTargets: [] }
}

function activeTarget({ labels, url, health, why, atMs, tookMs, ...rest }: TargetState): Json {
  return {
    discoveredLabels: { ...labels, __address__: labels['instance'] ?? '' },
    labels,
    scrapePool: labels['job'] ?? '',
    scrapeUrl: url,
    globalUrl: url,
    lastError: why,
    lastScrape: atMs === null ? '0001-01-01T00:00:00Z' : new Date(atMs).toISOString(),
    lastScrapeDuration: tookMs / 1000,
    health,
    scrapeInterval: `${rest.intervalMs / 1000}s`,
    scrapeTimeout: `${rest.timeoutMs / 1000}s`,
  }
}
