import type { Columns, Reason } from '../intake.ts'
import type { Labels } from '../labels.ts'
import type { Budget } from './budget.ts'
import type { Refused } from './columns.ts'
import type { Head } from './head/head.ts'
import { RefusalCounts } from './refusals.ts'
import type { SeriesTable } from './head/series-table.ts'

/** Times that are taken: after the one, up to the other. */
export type Bounds = Readonly<{ afterMs: number; upToMs: number }>

/** What may come in: `named` are the series that the log has to name first; some of them are newcomers. */
export type Admitted = Readonly<{ refused: Refused[]; named: number[]; newcomers: number[] }>

/** Who may come in, and who not and why. */
export class Admission {
  readonly #table: SeriesTable
  readonly #budget: Budget
  readonly #head: Head
  readonly refusals = new RefusalCounts()

  constructor({ table, budget, head }: Readonly<{ table: SeriesTable; budget: Budget; head: Head }>) {
    this.#table = table
    this.#budget = budget
    this.#head = head
  }

  /** Lets newcomers in while there is room. `takeBack` undoes that. What contradicts others of these samples is not seen yet. */
  admit(columns: Columns, bounds: Bounds): Admitted {
    const { series, times } = columns
    const { afterMs, upToMs } = bounds
    const admitted: Admitted = { refused: [], named: [], newcomers: [] }
    const roll = this.#head.roll
    for (let at = 0; at < series.length; at += 1) {
      const ms = times[at] ?? NaN
      const number = series[at] ?? 0
      const isInside = ms > afterMs && ms <= upToMs && Math.floor(ms) === ms
      if (isInside && ms > (roll.newest[number] ?? Infinity) && roll.isReady(number)) continue
      const why =
        refusalOf(ms, bounds) ?? this.#contradictionAt(columns, at) ?? this.#refusalOf(number, admitted)
      if (why !== null) this.refuse(admitted.refused, { at, why, number })
    }
    return admitted
  }

  /** Says that a sample is refused, and counts it. */
  refuse(refused: Refused[], { at, why, number }: Refused & Readonly<{ number: number }>): void {
    refused.push({ at, why })
    const labels = this.labelsOf(number)
    this.refusals.count(
      labels,
      why,
      why === 'too many values of a label' ? this.#budget.crowded(labels) : null,
    )
  }

  takeBack({ named, newcomers }: Admitted): void {
    for (const number of newcomers) {
      this.#head.roll.end(number)
      this.#budget.remove(this.labelsOf(number))
    }
    for (const number of named) this.#head.roll.unname(number)
  }

  labelsOf(number: number): Labels {
    const labels = this.#table.labelsOf(number)
    if (labels === null) throw new Error(`samples of series ${number}, which nobody asked for in this era`)
    return labels
  }

  /** Begins a series that was let in earlier. */
  begin(number: number, newestMs: number): void {
    if (!this.#head.roll.isActive(number)) this.#budget.add(this.labelsOf(number))
    this.#head.roll.begin(number, newestMs)
  }

  #contradictionAt({ series, times, values, stale }: Columns, at: number): Reason | null {
    const value = isIn(stale, at) ? 'end' : (values[at] ?? 0)
    return this.#head.contradicts(series[at] ?? 0, times[at] ?? 0, value) ? 'contradicts' : null
  }

  #refusalOf(number: number, { named, newcomers }: Admitted): Reason | null {
    if (!this.#head.roll.isActive(number)) {
      const why = this.#budget.refusalOf(this.labelsOf(number))
      if (why !== null) return why
      this.begin(number, -Infinity)
      newcomers.push(number)
    }
    if (!this.#head.roll.isReady(number)) {
      this.#head.roll.name(number)
      named.push(number)
    }
    return null
  }
}

function refusalOf(ms: number, { afterMs, upToMs }: Bounds): Reason | null {
  if (!Number.isSafeInteger(ms) || ms < 0) return 'not a time'
  if (ms <= afterMs) return 'too old'
  return ms > upToMs ? 'too new' : null
}

/** Whether a number is in a list that rises. */
function isIn(rising: readonly number[], sought: number): boolean {
  let low = 0
  let high = rising.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rising[middle] ?? 0) < sought) low = middle + 1
    else high = middle
  }
  return rising[low] === sought
}
