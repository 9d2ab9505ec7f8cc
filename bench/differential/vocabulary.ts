import { metricName, recordOf, valueOf } from '../../src/metrics/labels.ts'
import { allFunctions, allOperators, type Vocabulary } from '../../src/metrics/promql/suite/draw.ts'
import type { Span } from './made.ts'
import type { Written } from './written.ts'

/** Words that are about these series: metrics that have few of them, so that queries stay quick, and their labels. */
export function vocabularyOf(series: readonly Written[], { startMs, endMs }: Span): Vocabulary {
  const counts = Map.groupBy(series, ({ labels }) => valueOf(labels, metricName))
  const some = [...counts].filter(([, list]) => list.length <= 60).map(([name]) => name)
  // Those with many labels and odd values are asked about more often than the rest.
  const made = some.filter((name) => name.startsWith('made_'))
  const middleMs = startMs + Math.round((endMs - startMs) / 2)
  return {
    metrics: [...some, ...Array.from({ length: 40 }, () => made).flat(), 'nothing'],
    labels: labelValues(series.filter(({ labels }) => valueOf(labels, metricName).startsWith('made_'))),
    patterns: ['web|db', '[12]', '.*', '.+', 'w.+', '(?i)WEB', '\\d+', ''],
    ranges: [20_000, 60_000, 90_000, 300_000, 600_000],
    offsets: [10_000, 90_000, 300_000, -60_000],
    pins: [startMs, middleMs, endMs, middleMs + 77_777],
    functions: allFunctions.filter((name) => !rounding.has(name)),
    operators: allOperators.filter((operator) => operator !== '^' && operator !== 'atan2'),
  }
}

/** Only what may be off in the last digit, and nothing that would make more of that. */
export function roundingOf(words: Vocabulary): Vocabulary {
  return { ...words, functions: [...rounding], operators: ['^', 'atan2'] }
}

/**
 * Functions whose last digit is not the same in every mathematical library. Counted, compared or cut off, such a digit
 * becomes a whole difference, so they are asked about alone.
 */
const rounding: ReadonlySet<string> = new Set([
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'cos',
  'cosh',
  'exp',
  'ln',
  'log10',
  'log2',
  'sin',
  'sinh',
  'tan',
  'tanh',
])

function labelValues(series: readonly Written[]): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, Set<string>>()
  for (const { labels } of series)
    for (const [name, value] of Object.entries(recordOf(labels))) {
      if (name === metricName) continue
      const known = values.get(name) ?? new Set([''])
      values.set(name, known.add(value))
    }
  return Object.fromEntries([...values].map(([name, known]) => [name, [...known]]))
}
