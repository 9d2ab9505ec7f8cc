import type { Duration, Size } from '../wish.ts'

/** What people write about keeping samples. Editors show these comments. A hub that runs heeds what is altered here. */
export type KeepWish = Readonly<{
  /** How long samples are kept: from `1d` to `3650d`. Default `90d`. */
  for?: Duration
  /** How large all blocks may become; the oldest go first. Left out: as large as there is room for. */
  upTo?: Size
  /** How long after newer ones samples may still come: from `1m` to `7d`. Default `1h`. */
  late?: Duration
  /** How many series may get samples at a time: who comes beyond is refused by name, who is there stays. Default 1,000,000. */
  series?: number
  /** How many of them may have one name. Default 100,000. */
  seriesOfOneName?: number
  /** How many values one label may have in the series of one name. Default 50,000. */
  valuesOfOneLabel?: number
}>
