import type { Reason } from '../intake.ts'
import { type Labels, metricName, recordOf, valueOf } from '../labels.ts'

/** Samples of one metric that were not taken, for one reason, and a series they were of. `label` is the one with too many values. */
export type Refusals = Readonly<{
  metric: string
  why: Reason
  label: string | null
  samples: number
  example: Readonly<Record<string, string>>
}>

/** More are only counted together. */
const most = 1000
const others = '(others)'

/** What was refused since the start, by metric and reason. */
export class RefusalCounts {
  readonly #counts = new Map<string, Refusals>()

  count(labels: Labels, why: Reason, label: string | null): void {
    const named = valueOf(labels, metricName)
    const metric = this.#counts.size < most || this.#counts.has(keyOf(named, why, label)) ? named : others
    const key = keyOf(metric, why, label)
    const known = this.#counts.get(key) ?? { metric, why, label, samples: 0, example: recordOf(labels) }
    this.#counts.set(key, { ...known, samples: known.samples + 1 })
  }

  all(): readonly Refusals[] {
    return [...this.#counts.values()].toSorted((a, b) => b.samples - a.samples)
  }
}

function keyOf(metric: string, why: Reason, label: string | null): string {
  return JSON.stringify([metric, why, label])
}
