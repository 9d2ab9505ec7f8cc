import { join } from 'node:path'
import type { MetricsSide } from '../metrics/metrics-side.ts'
import { MetricsThread } from '../metrics/thread/metrics-thread.ts'
import type { HubOptions } from './options.ts'

export type MetricsHere = Readonly<{
  side: MetricsSide
  /** Opens what is kept. Without it, that waits until somebody asks. */
  start: () => void
  close: () => Promise<void>
}>

const dayMs = 86_400_000

const usualKeeping = {
  seriesLimit: 1_000_000,
  seriesOfNameLimit: 100_000,
  keptMs: 90 * dayMs,
  maxSamples: 20_000_000,
  timeoutMs: 60_000,
} as const

/** Samples of this hub. Commands without a hub open them only when they are asked for. */
export function openMetrics(
  { stateDir }: Pick<HubOptions, 'stateDir'>,
  broke: (thrown: unknown) => void,
): MetricsHere {
  const thread = new MetricsThread({ folder: join(stateDir, 'metrics'), ...usualKeeping }, { broke })
  return { side: thread, start: () => thread.start(), close: () => thread.close() }
}
