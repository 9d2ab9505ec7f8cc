import type { Duration, Size } from '../wish.ts'

/** What people write about keeping samples. Editors show these comments. Heeded when the hub begins. */
export type KeepWish = Readonly<{
  /** How long samples are kept: from `1d` to `3650d`. Default `90d`. */
  for?: Duration
  /** How large all blocks may become; the oldest go first. Left out: as large as there is room for. */
  upTo?: Size
  /** How many series may get samples at a time: who comes beyond is refused by name, who is there stays. Default 1,000,000. */
  series?: number
  /** How many of them may have one name. Default 100,000. */
  seriesOfOneName?: number
}>
