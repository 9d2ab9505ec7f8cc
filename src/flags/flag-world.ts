import type { Store } from '../store/store.ts'
import type { Watched } from '../pipeline/kind.ts'

/** What the kind `flip` needs of the world. */
export type FlagWorld = Readonly<{
  store: Store
  /** The environments that `tandem.ts` speaks of, in its order. */
  environments: () => Promise<readonly string[]>
  now: () => number
  /** Resolves after `ms`, or at once when aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** What the metrics say of a flag while a stage of its rollout is looked at. */
  watched: (asked: Readonly<{ environment: string; flag: string; fromMs: number }>) => Promise<Watched>
}>

/** Where flags are when `tandem.ts` speaks of no environment. */
export const usualEnvironment = 'production'
