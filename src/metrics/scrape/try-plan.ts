import type { Scraped, TargetPlan } from './plan.ts'

/** A target for tests, asked by a host unless they say otherwise. */
export function tryPlan(id: string, more: Partial<TargetPlan> = {}): TargetPlan {
  return {
    id,
    url: `http://${id}/metrics`,
    labels: { job: 'app', instance: id },
    honorLabels: false,
    honorTimestamps: true,
    intervalMs: 15_000,
    timeoutMs: 10_000,
    limits: { bytes: 1_000_000, samples: 1_000 },
    ask: { kind: 'host' },
    ...more,
  }
}

export function said(text: string, contentType = 'text/plain; version=0.0.4'): Scraped['outcome'] {
  return { type: 'answered', body: Buffer.from(text), contentType }
}
