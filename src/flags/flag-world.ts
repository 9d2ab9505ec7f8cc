import type { Store } from '../store/store.ts'

/** What the kind `flip` needs of the world. */
export type FlagWorld = Readonly<{
  store: Store
  /** The environments that `tandem.ts` speaks of, in its order. */
  environments: () => Promise<readonly string[]>
  now: () => number
  /** Resolves after `ms`, or at once when aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** The one number that a query in PromQL answers with now; null for none, or many. */
  measure: (query: string) => Promise<number | null>
  /** Why a query cannot answer with one number, and where; null for one that may. */
  queryTrouble: (query: string) => Promise<string | null>
}>

/** Where flags are when `tandem.ts` speaks of no environment. */
export const usualEnvironment = 'production'
