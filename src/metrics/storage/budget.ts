import { type Labels, metricName, valueOf } from '../labels.ts'
import type { Reason } from '../intake.ts'

/** How many series may get samples at the same time. Newcomers beyond it are refused, by name; who is there stays. */
export type Limits = Readonly<{
  seriesLimit: number
  seriesOfNameLimit: number
  /** How many values one label may have in the series of one metric. */
  valuesOfLabelLimit?: number
}>

/** A metric: how many series it has, and how many of them have which value of which label. */
type Metric = { series: number; readonly labels: Map<string, Map<string, number>> }

/** How many series there are of what, and whether there is room for one more. */
export class Budget {
  /** They may be altered while we go on. */
  readonly #limits: Limits
  readonly #metrics = new Map<string, Metric>()
  #series = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** Why there is no room for a series; null where there is. */
  refusalOf(labels: Labels): Reason | null {
    const { seriesLimit, seriesOfNameLimit } = this.#limits
    const metric = this.#metrics.get(valueOf(labels, metricName))
    if (this.#series >= seriesLimit) return 'too many series'
    if ((metric?.series ?? 0) >= seriesOfNameLimit) return 'too many series'
    if (metric !== undefined && this.crowded(labels) !== null) return 'too many values of a label'
    return null
  }

  /** The label of a series that has too many values already, of which this would be another. */
  crowded(labels: Labels): string | null {
    const { valuesOfLabelLimit = Infinity } = this.#limits
    const metric = this.#metrics.get(valueOf(labels, metricName))
    for (let at = 0; at < labels.length; at += 2) {
      const values = metric?.labels.get(labels[at] ?? '')
      if (values !== undefined && values.size >= valuesOfLabelLimit && !values.has(labels[at + 1] ?? ''))
        return labels[at] ?? ''
    }
    return null
  }

  add(labels: Labels): void {
    const name = valueOf(labels, metricName)
    const metric = this.#metrics.get(name) ?? { series: 0, labels: new Map() }
    this.#metrics.set(name, metric)
    metric.series += 1
    this.#series += 1
    for (let at = 0; at < labels.length; at += 2) {
      const [label = '', value = ''] = labels.slice(at, at + 2)
      const values = metric.labels.get(label) ?? new Map<string, number>()
      metric.labels.set(label, values.set(value, (values.get(value) ?? 0) + 1))
    }
  }

  remove(labels: Labels): void {
    const name = valueOf(labels, metricName)
    const metric = this.#metrics.get(name)
    if (metric === undefined) return
    metric.series -= 1
    this.#series -= 1
    if (metric.series === 0) this.#metrics.delete(name)
    for (let at = 0; at < labels.length; at += 2) {
      const [label = '', value = ''] = labels.slice(at, at + 2)
      const values = metric.labels.get(label)
      const left = (values?.get(value) ?? 0) - 1
      if (left > 0) values?.set(value, left)
      else values?.delete(value)
    }
  }

  /** How many there are of all metrics. */
  get series(): number {
    return this.#series
  }

  /** How many series each metric has. */
  *metrics(): Iterable<readonly [string, number]> {
    for (const [name, { series }] of this.#metrics) yield [name, series]
  }

  /** How many series of a metric have which value of which label. */
  labelsOf(name: string): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#metrics.get(name)?.labels ?? new Map()
  }

  /** How many series have which value of which label, over all metrics. */
  pairs(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    const all = new Map<string, Map<string, number>>()
    for (const { labels } of this.#metrics.values())
      for (const [label, values] of labels) {
        const sums = all.get(label) ?? new Map<string, number>()
        all.set(label, sums)
        for (const [value, series] of values) sums.set(value, (sums.get(value) ?? 0) + series)
      }
    return all
  }
}
