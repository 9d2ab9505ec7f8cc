import type { Columns, Reason } from '../intake.ts'
import type { Labels } from '../labels.ts'
import type { Budget } from './budget.ts'
import type { Refused } from './columns.ts'
import type { Roll } from './head/roll.ts'
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
  readonly #roll: Roll
  readonly refusals = new RefusalCounts()

  constructor({ table, budget, roll }: Readonly<{ table: SeriesTable; budget: Budget; roll: Roll }>) {
    this.#table = table
    this.#budget = budget
    this.#roll = roll
  }

  /** Lets newcomers in while there is room. `takeBack` undoes that. */
  admit({ series, times }: Columns, { afterMs, upToMs }: Bounds): Admitted {
    const admitted: Admitted = { refused: [], named: [], newcomers: [] }
    const roll = this.#roll
    for (let at = 0; at < series.length; at += 1) {
      const ms = times[at] ?? NaN
      const number = series[at] ?? 0
      if (ms > afterMs && ms <= upToMs && Math.floor(ms) === ms && roll.isReady(number)) continue
      const why = refusalOf(ms, { afterMs, upToMs }) ?? this.#refusalOf(number, admitted)
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
      this.#roll.end(number)
      this.#budget.remove(this.labelsOf(number))
    }
    for (const number of named) this.#roll.unname(number)
  }

  labelsOf(number: number): Labels {
    const labels = this.#table.labelsOf(number)
    if (labels === null) throw new Error(`samples of series ${number}, which nobody asked for in this era`)
    return labels
  }

  /** Begins a series that was let in earlier. */
  begin(number: number, newestMs: number): void {
    if (!this.#roll.isActive(number)) this.#budget.add(this.labelsOf(number))
    this.#roll.begin(number, newestMs)
  }

  #refusalOf(number: number, { named, newcomers }: Admitted): Reason | null {
    if (!this.#roll.isActive(number)) {
      const why = this.#budget.refusalOf(this.labelsOf(number))
      if (why !== null) return why
      this.begin(number, -Infinity)
      newcomers.push(number)
    }
    if (!this.#roll.isReady(number)) {
      this.#roll.name(number)
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
