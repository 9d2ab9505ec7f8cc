import { extended, type Sampled } from './extend.ts'
import type { Tally } from './tally.ts'

/** A window as it is looked at. It is wider than it was asked for where nothing so short is known. */
export type TallyWindow = { startMs: number; endMs: number }

/** A function of what is known of a window, which is told only of windows with enough samples. */
export type OfTally = Readonly<{
  of: (tally: Tally, window: TallyWindow) => number
  /** Whether it comes to the same as of the samples themselves, but for the last digits. */
  isClose: (tally: Tally) => boolean
  /** Whether twice the time makes twice of it. */
  isAmount: boolean
}>

const always = (): boolean => true

export const tallies: Readonly<Record<string, OfTally>> = {
  count_over_time: { of: ({ count }) => count, isClose: always, isAmount: true },
  sum_over_time: { of: ({ sum }) => sum, isClose: isSumClose, isAmount: true },
  avg_over_time: { of: ({ sum, count }) => sum / count, isClose: isSumClose, isAmount: false },
  min_over_time: { of: ({ least }) => least, isClose: always, isAmount: false },
  max_over_time: { of: ({ greatest }) => greatest, isClose: always, isAmount: false },
  last_over_time: { of: ({ last }) => last, isClose: always, isAmount: false },
  present_over_time: { of: () => 1, isClose: always, isAmount: false },
  resets: { of: ({ falls }) => falls, isClose: always, isAmount: true },
  delta: {
    of: (tally, window) => (tally.last - tally.first) * extended(sampledIn(tally, window), Infinity),
    isClose: always,
    isAmount: true,
  },
  increase: { of: increase, isClose: isGrowthClose, isAmount: true },
  rate: {
    of: (tally, window) => increase(tally, window) / ((window.endMs - window.startMs) / 1000),
    isClose: isGrowthClose,
    isAmount: false,
  },
}

const growth = ({ first, last, lost }: Tally): number => last - first + lost

function increase(tally: Tally, window: TallyWindow): number {
  const grown = growth(tally)
  const most = grown > 0 && tally.first >= 0 ? tally.first / grown : Infinity
  return grown * extended(sampledIn(tally, window), most)
}

function sampledIn({ firstMs, lastMs, count }: Tally, { startMs, endMs }: TallyWindow): Sampled {
  return { firstMs, lastMs, count, startMs, endMs }
}

/** A sum keeps its digits where it is not far below what it was made of, and nothing on the way is too large to be added. */
function isSumClose({ sum, reach }: Tally): boolean {
  return reach === 0 || (reach < 1e300 && Math.abs(sum) >= 1e-6 * reach)
}

/** One fall is added as it is of samples; many are added in another order. */
function isGrowthClose(tally: Tally): boolean {
  const { falls, lost } = tally
  return falls < 2 || Math.abs(growth(tally)) >= 1e-6 * Math.abs(lost)
}
