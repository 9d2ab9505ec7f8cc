import { join } from 'node:path'
import type { HubSide } from '../api/hub-side.ts'
import { MetricsThread } from '../metrics/thread/metrics-thread.ts'
import type { TeamConfig } from '../config/config.ts'
import type { Store } from '../store/store.ts'
import { every } from './every.ts'
import type { HubOptions } from './options.ts'
import { wiresOfHub } from './wires.ts'

export type MetricsHere = Readonly<{
  sides: Pick<HubSide, 'metrics' | 'watching'>
  /** Opens what is kept. Without it, that waits until somebody asks. */
  start: () => void
  close: () => Promise<void>
}>

type MetricsOfHub = Readonly<{
  options: Pick<HubOptions, 'stateDir' | 'tell'>
  store: Store
  config: () => Promise<TeamConfig>
  broke: (thrown: unknown) => void
}>

/** How soon it is heeded what tandem.ts says otherwise. */
const lookMs = 5_000
const dayMs = 86_400_000

const usualKeeping = {
  seriesLimit: 1_000_000,
  seriesOfNameLimit: 100_000,
  keptMs: 90 * dayMs,
  maxSamples: 20_000_000,
  timeoutMs: 60_000,
} as const

/** Until somebody watches. */
const nothingWatched: HubSide['watching'] = {
  targets: async () => ({ activeTargets: [], droppedTargets: [] }),
  rules: async () => ({ groups: [] }),
  alerts: async () => ({ alerts: [] }),
}

/** Samples of this hub. Commands without a hub open them only when they are asked for. */
export function openMetrics({ options, store, config, broke }: MetricsOfHub): MetricsHere {
  const folder = join(options.stateDir, 'metrics')
  const thread = new MetricsThread({ folder, ...usualKeeping }, { broke })
  const tell = options.tell ?? (() => {})
  const wires = wiresOfHub({ metrics: thread, store, config, tell, broke })
  const stopping = new AbortController()
  let looking: Promise<void> = Promise.resolve()
  return {
    sides: { metrics: thread, watching: nothingWatched },
    start: () => {
      thread.start()
      looking = wires
        .look()
        .catch(broke)
        .then(() => every(lookMs, wires.look, stopping.signal, broke))
    },
    close: async () => {
      stopping.abort()
      await looking
      // What they have counted is flushed into the thread.
      await wires.close()
      await thread.close()
    },
  }
}
