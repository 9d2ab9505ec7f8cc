import type { Described, Intake } from '../../intake.ts'
import { type Labels, metricName } from '../../labels.ts'
import type { Fault, TakenCount } from '../../metrics-side.ts'
import { type Filling, noSamples } from '../fill.ts'
import { joinLabels } from '../join-labels.ts'
import { labelFault, type LabelLimits } from '../label-limits.ts'
import { type Part, partsOf } from './expand.ts'
import type { OtlpBatch, OtlpMetric, Point } from './model.ts'
import { metricNameOf, unitWords } from './names.ts'
import { labelsOfAttributes, type Sender, senderOf } from './resource.ts'
import { RunningTotals } from './running-totals.ts'

export type OtlpOptions = Readonly<{ labels: Labels; limits: LabelLimits }>

const types = {
  gauge: 'gauge',
  sum: 'gauge',
  histogram: 'histogram',
  exponential: 'histogram',
  summary: 'summary',
} as const

/** Takes what OpenTelemetry measures. What is counted, taken and refused are its points, not our samples of them. */
export class Otlp {
  readonly #intake: Intake
  readonly #options: OtlpOptions
  readonly #totals = new RunningTotals()

  constructor(intake: Intake, options: OtlpOptions) {
    this.#intake = intake
    this.#options = options
  }

  take(batches: readonly OtlpBatch[], atMs: number): TakenCount {
    const harvest: Harvest = { columns: noSamples(), points: [], refused: new Map(), count: 0, atMs }
    for (const { resource, metrics } of batches) {
      const sender = senderOf(resource)
      for (const metric of metrics) this.#takeMetric(metric, sender, harvest)
      this.#takeInfo(sender, metrics, harvest)
    }
    const { columns, points, refused, count } = harvest
    if (columns.series.length > 0)
      for (const { at, why } of this.#intake.take(columns).refused) refused.set(points[at] ?? -1, why)
    refused.delete(nobody)
    const reasons: Partial<Record<Fault, number>> = {}
    for (const why of refused.values()) reasons[why] = (reasons[why] ?? 0) + 1
    return { samples: count, taken: count - refused.size, refused: reasons }
  }

  #takeMetric(metric: OtlpMetric, sender: Sender, harvest: Harvest): void {
    const name = metricNameOf(metric)
    for (const point of metric.points) {
      const parts = name === '' ? null : partsOf(metric, point)
      if (parts === null) harvest.refused.set(harvest.count, name === '' ? 'no name' : 'too many buckets')
      else for (const part of parts) this.#takePart({ metric, name, point, part }, sender, harvest)
      harvest.count += 1
    }
    if (name === '' || metric.points.length === 0) return
    this.#intake.describe(name, describedOf(metric))
  }

  #takePart({ metric, name, point, part }: PartOf, sender: Sender, harvest: Harvest): void {
    const said = new Map([...labelsOfAttributes(point.attributes), ...sender.labels])
    said.set(metricName, name + part.suffix)
    if (part.label !== null) said.set(...part.label)
    if (labelFault(said, this.#options.limits) !== null) {
      harvest.refused.set(harvest.count, 'labels out of bounds')
      return
    }
    const labels = joinLabels(said, this.#options.labels, true)
    const ms = point.ms === 0 ? harvest.atMs : point.ms
    const value =
      metric.isDelta && part.isCount && !point.isGone ? this.#totals.add(labels, part.value, ms) : part.value
    if (value === null) harvest.refused.set(harvest.count, 'too old')
    else
      put(harvest, harvest.count, { series: this.#intake.numberOf(labels), ms, value, isGone: point.isGone })
  }

  /** One series with all that is known of a sender, at the time of its newest point. */
  #takeInfo({ info }: Sender, metrics: readonly OtlpMetric[], harvest: Harvest): void {
    if (info === null || metrics.length === 0) return
    const said = new Map(info).set(metricName, 'target_info')
    if (labelFault(said, this.#options.limits) !== null) return
    let ms = 0
    for (const { points } of metrics) for (const point of points) ms = Math.max(ms, point.ms)
    const series = this.#intake.numberOf(joinLabels(said, this.#options.labels, true))
    put(harvest, nobody, { series, ms: ms === 0 ? harvest.atMs : ms, value: 1, isGone: false })
  }
}

/** The point that a sample comes from when it comes from none. */
const nobody = -1

type PartOf = Readonly<{ metric: OtlpMetric; name: string; point: Point; part: Part }>

/** What a request has come to so far: samples, which point each is of, and which points are refused. */
type Harvest = {
  readonly columns: Filling
  readonly points: number[]
  readonly refused: Map<number, Fault>
  readonly atMs: number
  count: number
}

type Sample = Readonly<{ series: number; ms: number; value: number; isGone: boolean }>

function put({ columns, points }: Harvest, point: number, { series, ms, value, isGone }: Sample): void {
  if (isGone) columns.stale.push(columns.series.length)
  columns.series.push(series)
  columns.times.push(ms)
  columns.values.push(isGone ? 0 : value)
  points.push(point)
}

function describedOf({ kind, isMonotonic, description, unit }: OtlpMetric): Described {
  const type = kind === 'sum' && isMonotonic ? 'counter' : types[kind]
  return { type, help: description, unit: unitWords(unit) }
}
