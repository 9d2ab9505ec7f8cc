import { takeAll } from '../ingest/fill.ts'
import type { TakenCount } from '../metrics-side.ts'
import type { Described, Intake } from '../intake.ts'
import type { Labels } from '../labels.ts'

/**
 * What goes from the thread that listens to the one that keeps: samples in columns, by numbers that the sender gave. What
 * a number means is said once, in `born`; a number that is free again may be given to another series.
 */
export type Flush = Readonly<{
  born: readonly Readonly<{ number: number; labels: Labels }>[]
  described: readonly Readonly<{ metric: string; described: Described }>[]
  series: readonly number[]
  times: readonly number[]
  values: readonly number[]
  /** Which places only say that their series has ended, rising. */
  stale: readonly number[]
}>

/** Reads what one sender flushes into an intake. Null: it used a number we know nothing of, and must say all of them again. */
export type FlushReader = (flush: Flush) => TakenCount | null

export function flushReader(intake: Intake): FlushReader {
  const labels: (Labels | undefined)[] = []
  const numbers: (number | undefined)[] = []
  let era = intake.era()
  const numberOf = (sent: number): number | null => {
    const kept = numbers[sent]
    if (kept !== undefined) return kept
    const known = labels[sent]
    if (known === undefined) return null
    const number = intake.numberOf(known)
    numbers[sent] = number
    return number
  }
  return (flush) => {
    if (intake.era() !== era) {
      era = intake.era()
      numbers.length = 0
    }
    for (const { number, labels: named } of flush.born) {
      labels[number] = named
      numbers[number] = undefined
    }
    for (const { metric, described } of flush.described) intake.describe(metric, described)
    const series: number[] = []
    for (const sent of flush.series) {
      const number = numberOf(sent)
      if (number === null) return null
      series.push(number)
    }
    return takeAll(intake, { ...flush, series })
  }
}
