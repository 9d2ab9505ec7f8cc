import type { Columns, Described, Intake } from './intake.ts'
import { keyOf, type Labels, metricName, valueOf, withoutName } from './labels.ts'
import { valueText } from './promql/format.ts'
import { labelsText } from './promql/labels-text.ts'

/** A sample as it came. */
export type Collected = Readonly<{ labels: Labels; ms: number; value: number; isStale: boolean }>

/** Takes in everything and keeps it as it came, for tests to look at. */
export type TryIntake = Intake &
  Readonly<{
    samples: () => readonly Collected[]
    /** Each sample as `name{a="b"} value @ms`, or `stale` for its value, in the order they came in. */
    lines: () => readonly string[]
    described: ReadonlyMap<string, Described>
    /** How many lookups there were of series by their labels. */
    lookups: () => number
    /** Begins another era: the numbers given so far mean nothing any more. */
    forget: () => void
    /** All that is taken from now on throws this; null ends that. */
    fail: (trouble: Error | null) => void
  }>

export function tryIntake(): TryIntake {
  const numbers = new Map<string, number>()
  const labels: Labels[] = []
  const samples: Collected[] = []
  const described = new Map<string, Described>()
  let [era, first, lookups] = [1, 0, 0]
  let trouble: Error | null = null
  return {
    numberOf: (wanted) => {
      lookups += 1
      const key = keyOf(wanted)
      const number = numbers.get(key) ?? labels.push(wanted) - 1
      numbers.set(key, number)
      return number
    },
    labelsOf: (number) => labels[number] ?? null,
    era: () => era,
    take: (columns) => {
      if (trouble !== null) throw trouble
      samples.push(...columns.series.map((_, at) => sampleAt(columns, labels, { at, first })))
      return { taken: columns.series.length, refused: [] }
    },
    describe: (metric, said) => void described.set(metric, said),
    samples: () => samples,
    lines: () => samples.map(lineOf),
    described,
    lookups: () => lookups,
    forget: () => {
      era += 1
      first = labels.length
      numbers.clear()
    },
    fail: (next) => {
      trouble = next
    },
  }
}

/** Throws for a number of an era before: whoever uses one has forgotten to ask again. */
function sampleAt(
  { series, times, values, stale }: Columns,
  labels: readonly Labels[],
  { at, first }: Readonly<{ at: number; first: number }>,
): Collected {
  const number = series[at] ?? -1
  const known = labels[number]
  if (known === undefined || number < first) throw new Error(`nobody was given the number ${number}`)
  return { labels: known, ms: times[at] ?? NaN, value: values[at] ?? NaN, isStale: stale.includes(at) }
}

function lineOf({ labels, ms, value, isStale }: Collected): string {
  const rest = withoutName(labels)
  const pairs = rest.length === 0 ? '' : labelsText(rest).replaceAll('", ', '",')
  return `${valueOf(labels, metricName)}${pairs} ${isStale ? 'stale' : valueText(value)} @${ms}`
}
