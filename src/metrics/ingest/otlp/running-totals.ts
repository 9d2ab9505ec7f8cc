import { keyOf, type Labels } from '../../labels.ts'

const mostTotals = 200_000

type Total = { value: number; ms: number }

/**
 * Adds up what comes as deltas, so that it counts on as everything else does. What was added up is forgotten with the
 * process: then counters begin at 0, which queries know as a reset.
 */
export class RunningTotals {
  readonly #totals = new Map<string, Total>()

  /** The total with this delta; null where it is not newer than the one before, or there are too many series. */
  add(labels: Labels, delta: number, ms: number): number | null {
    const key = keyOf(labels)
    const total = this.#totals.get(key)
    if (total === undefined) {
      if (this.#totals.size >= mostTotals) return null
      this.#totals.set(key, { value: delta, ms })
      return delta
    }
    if (ms <= total.ms) return null
    total.value += delta
    total.ms = ms
    return total.value
  }
}
