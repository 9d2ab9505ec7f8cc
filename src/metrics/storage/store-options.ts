import type { Limits } from './budget.ts'
import { dayMs } from './rollup/level.ts'

export type StoreOptions = Limits &
  Readonly<{
    folder: string
    now: () => number
    /** Blocks whose newest sample is older are removed, and nothing so old is taken. */
    keptMs: number
    /** The same for summaries of minutes, which are made only if they stay for longer than samples, and of hours. */
    keptMinutesMs?: number
    keptHoursMs?: number
    /** While blocks and summaries have more bytes, the oldest are removed. */
    keptBytes?: number
    /** So long after the newest sample there is another may come late. */
    lateMs?: number
    /** So many samples are in memory before they go into blocks. */
    headSamples?: number
  }>

/** What may be said otherwise of a store that is open. */
export type Keep = Required<Limits> &
  Pick<Required<StoreOptions>, 'keptMs' | 'keptMinutesMs' | 'keptHoursMs' | 'keptBytes' | 'lateMs'>

/** What is done where nobody says otherwise. */
export const usual = {
  keptMinutesMs: 180 * dayMs,
  keptHoursMs: 1825 * dayMs,
  keptBytes: Infinity,
  lateMs: 3_600_000,
  headSamples: 500_000,
  valuesOfLabelLimit: 50_000,
}
