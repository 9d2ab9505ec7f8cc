import { Exposition, formatOf } from '../ingest/exposition/exposition.ts'
import { Unreadable } from '../ingest/unreadable.ts'
import type { Intake } from '../intake.ts'
import { type Labels, labelsOf, metricName, withLabel } from '../labels.ts'
import type { Scraped, TargetPlan } from './plan.ts'

/** What became of one time of asking; `why` says what went wrong, also with a target that is up. */
export type Recorded = Readonly<{ isUp: boolean; why: string; samples: number }>

const labelLimits = { labels: 64, nameLength: 256, valueLength: 8192 }

/** The series of one target under one set of labels: what it said last is remembered, to say what it says no more. */
export class TargetRecord {
  readonly #intake: Intake
  readonly #exposition: Exposition
  readonly #labels: Labels
  #seen: readonly number[] = []
  #own: readonly number[] = []
  #era: number

  constructor(intake: Intake, plan: TargetPlan, labels: Readonly<Record<string, string>>) {
    this.#intake = intake
    this.#labels = labelsOf(labels)
    this.#era = intake.era()
    this.#exposition = new Exposition(intake, {
      labels: this.#labels,
      honorLabels: plan.honorLabels,
      honorTimestamps: plan.honorTimestamps,
      limits: { ...labelLimits, samples: plan.limits.samples },
    })
  }

  /** Throws what the intake throws: then nothing is known of this time. */
  record({ atMs, tookMs, outcome }: Omit<Scraped, 'id' | 'labels'>): Recorded {
    this.#renew()
    if (outcome.type === 'failed') return this.#fail(outcome.why, atMs, tookMs)
    try {
      const format = formatOf(outcome.contentType)
      const { seen, samples, refused } = this.#exposition.read(outcome.body, { format, atMs })
      const { gone, added } = difference(this.#seen, seen)
      this.#write(gone, atMs, { up: 1, tookMs, samples, added })
      this.#seen = seen
      const why = Object.entries(refused).map(([reason, count]) => `${count} refused: ${reason}`)
      return { isUp: true, why: why.join(', '), samples }
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown
      return this.#fail(thrown.message, atMs, tookMs)
    }
  }

  /** Says that all of it has ended, and that it is not asked any more. */
  end(atMs: number): void {
    this.#renew()
    const ended = [...this.#seen, ...this.#own]
    if (ended.length > 0) this.#intake.take(staleAt(ended, atMs))
    this.#seen = []
    this.#own = []
  }

  #fail(why: string, atMs: number, tookMs: number): Recorded {
    this.#write(this.#seen, atMs, { up: 0, tookMs, samples: 0, added: 0 })
    this.#seen = []
    return { isUp: false, why, samples: 0 }
  }

  /** In another era series are asked for anew, so that their end can still be told; of those that were forgotten nothing is there. */
  #renew(): void {
    if (this.#era === this.#intake.era()) return
    this.#era = this.#intake.era()
    this.#seen = this.#renewed(this.#seen)
    this.#own = this.#renewed(this.#own)
    // They are said together.
    if (this.#own.length < ownNames.length) this.#own = []
  }

  #renewed(numbers: readonly number[]): readonly number[] {
    return numbers.flatMap((number) => {
      const labels = this.#intake.labelsOf(number)
      return labels === null ? [] : [this.#intake.numberOf(labels)]
    })
  }

  #write(gone: readonly number[], atMs: number, told: Told): void {
    if (this.#own.length === 0) this.#own = ownNames.map((name) => this.#numberOf(name))
    const own = [told.up, told.tookMs / 1000, told.samples, told.samples, told.added]
    this.#intake.take({
      series: [...gone, ...this.#own],
      times: Array.from({ length: gone.length + own.length }, () => atMs),
      values: [...gone.map(() => 0), ...own],
      stale: gone.map((_, at) => at),
    })
  }

  #numberOf(name: string): number {
    return this.#intake.numberOf(withLabel(this.#labels, metricName, name))
  }
}

type Told = Readonly<{ up: 0 | 1; tookMs: number; samples: number; added: number }>

/** What Prometheus says of each time of asking, in the order of `Told`. Nothing is dropped between reading and keeping. */
const ownNames = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
]

function staleAt(series: readonly number[], atMs: number): Parameters<Intake['take']>[0] {
  return {
    series,
    times: series.map(() => atMs),
    values: series.map(() => 0),
    stale: series.map((_, at) => at),
  }
}

/** Which series are not there any more, and how many are there for the first time. */
function difference(
  before: readonly number[],
  now: readonly number[],
): Readonly<{ gone: readonly number[]; added: number }> {
  const isSame = before.length === now.length && before.every((series, at) => series === now[at])
  if (isSame) return { gone: [], added: 0 }
  const [was, is] = [new Set(before), new Set(now)]
  const gone = [...was].filter((series) => !is.has(series))
  return { gone, added: is.size - (was.size - gone.length) }
}
