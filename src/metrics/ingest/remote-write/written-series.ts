import type { Intake } from '../../intake.ts'
import { type Labels, metricName } from '../../labels.ts'
import type { Fault, Refusals } from '../../metrics-side.ts'
import { type Filling, noSamples } from '../fill.ts'
import { joinLabels, type Said } from '../join-labels.ts'
import { labelFault, type LabelLimits } from '../label-limits.ts'
import type { ProtoReader } from '../protobuf/proto-reader.ts'

/** What is known of a sender, and how much it may say. */
export type WriteOptions = Readonly<{
  /** Added where a series lacks them. */
  labels: Labels
  limits: LabelLimits
}>

/** What a series stands for that is not taken, where others have their number. */
const refusal = { 'no name': -2, 'labels out of bounds': -3 } as const

/** The number of a series; below 0 when it is refused for what it says of itself. */
export function meaningOf(said: Said, intake: Intake, { labels, limits }: WriteOptions): number {
  if ((said.get(metricName) ?? '') === '') return refusal['no name']
  if (labelFault(said, limits) !== null) return refusal['labels out of bounds']
  return intake.numberOf(joinLabels(said, labels, true))
}

/** The samples of a request while it is read: those that come, and how many are refused for which reason. */
export class Arrivals {
  readonly columns: Filling = noSamples()
  readonly #refused: Partial<Record<Fault, number>> = {}

  get refused(): Refusals {
    return this.#refused
  }

  refuse(why: Fault): void {
    this.#refused[why] = (this.#refused[why] ?? 0) + 1
  }

  /** Reads a message {value = 1, timestamp = 2} that ends there. */
  readSample(reader: ProtoReader, end: number, meaning: number): void {
    let [value, ms, isStale] = [0, 0, false]
    while (reader.next(end)) {
      if (reader.field === 1) {
        value = reader.double()
        isStale = Number.isNaN(value) && reader.wasStale()
      } else if (reader.field === 2) ms = reader.int64()
      else reader.skip()
    }
    if (meaning < 0) return this.refuse(meaning === refusal['no name'] ? 'no name' : 'labels out of bounds')
    const { series, times, values, stale } = this.columns
    if (isStale) stale.push(series.length)
    series.push(meaning)
    times.push(ms)
    values.push(isStale ? 0 : value)
  }
}
