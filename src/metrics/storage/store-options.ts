import type { Limits } from './budget.ts'

export type StoreOptions = Limits &
  Readonly<{
    folder: string
    now: () => number
    /** Blocks whose newest sample is older are removed, and nothing so old is taken. */
    keptMs: number
    /** While all blocks have more bytes, the oldest are removed. */
    keptBytes?: number
    /** So long after the newest sample there is another may come late. */
    lateMs?: number
    /** So many samples are in memory before they go into blocks. */
    headSamples?: number
  }>

/** What may be said otherwise of a store that is open. */
export type Keep = Required<Limits> & Pick<Required<StoreOptions>, 'keptMs' | 'keptBytes' | 'lateMs'>

/** What is done where nobody says otherwise. */
export const usual = {
  keptBytes: Infinity,
  lateMs: 3_600_000,
  headSamples: 500_000,
  valuesOfLabelLimit: 50_000,
}
