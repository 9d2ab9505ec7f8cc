import { extended, type Sampled } from './extend.ts'
import type { Need, Tally } from './tally.ts'

/** A window as it is looked at. It is wider than it was asked for where nothing so short is known. */
export type TallyWindow = { startMs: number; endMs: number }

/** A function of what is known of a window, which is told only of windows with enough samples. */
export type OfTally = Readonly<{
  need: Need
  of: (tally: Tally, window: TallyWindow) => number
  /** Whether it comes to the same as of the samples themselves, but for the last digits. */
  isClose: (tally: Tally) => boolean
  /** Whether twice the time makes twice of it. */
  isAmount: boolean
}>

const always = (): boolean => true

export const tallies: Readonly<Record<string, OfTally>> = {
  count_over_time: { need: 'counts', of: ({ count }) => count, isClose: always, isAmount: true },
  sum_over_time: { need: 'sums', of: ({ sum }) => sum, isClose: isSumClose, isAmount: true },
  avg_over_time: { need: 'sums', of: ({ sum, count }) => sum / count, isClose: isSumClose, isAmount: false },
  min_over_time: { need: 'extremes', of: ({ least }) => least, isClose: always, isAmount: false },
  max_over_time: { need: 'extremes', of: ({ greatest }) => greatest, isClose: always, isAmount: false },
  last_over_time: { need: 'counts', of: ({ last }) => last, isClose: always, isAmount: false },
  present_over_time: { need: 'counts', of: () => 1, isClose: always, isAmount: false },
  resets: { need: 'growth', of: ({ falls }) => falls, isClose: always, isAmount: true },
  delta: {
    need: 'counts',
    of: (tally, window) => (tally.last - tally.first) * extended(sampledIn(tally, window), Infinity),
    isClose: always,
    isAmount: true,
  },
  increase: { need: 'growth', of: increase, isClose: isGrowthClose, isAmount: true },
  rate: {
    need: 'growth',
    of: (tally, window) => increase(tally, window) / ((window.endMs - window.startMs) / 1000),
    isClose: isGrowthClose,
    isAmount: false,
  },
}

function increase(tally: Tally, window: TallyWindow): number {
  const grown = tally.growth
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

/** Growth keeps its digits where it is not far below what it was made of. */
function isGrowthClose({ growth, first, last, lost }: Tally): boolean {
  const reach = Math.abs(first) + Math.abs(last) + lost
  return reach === 0 || lost === 0 || Math.abs(growth) >= 1e-6 * reach
}
