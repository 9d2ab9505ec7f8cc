/** A query as it is asked on each side: there, others may have series of the same names. */
export type ReferenceQuery = Readonly<{ here: string; there: string }>

/** How many series a name has. */
export type NamedSeries = Readonly<{ name: string; series: number }>

const mostNames = 6
/** Names with more would be slow to compare, and show nothing else. */
const mostSeries = 300

/** What needs no samples. */
const fixed = ['1 + 1', 'time()', 'vector(2) ^ 10', 'absent(tandem_no_such_metric)', 'hour(vector(0))']

const ofGauges = [
  'NAME',
  '-NAME',
  'NAME > 0',
  'abs(NAME)',
  'sum(NAME)',
  'count without (instance) (NAME)',
  'topk(1, NAME)',
  'avg_over_time(NAME[5m])',
  'last_over_time(NAME[5m])',
  'delta(NAME[5m])',
  'max_over_time(sum(NAME)[5m:1m])',
  'NAME offset 5m',
]
const ofCounters = [
  'rate(NAME[5m])',
  'increase(NAME[5m])',
  'sum(rate(NAME[1m]))',
  'resets(NAME[10m])',
  'changes(NAME[5m])',
]
const ofHistograms = [
  'histogram_quantile(0.9, sum by (le) (rate(NAME[5m])))',
  'histogram_quantile(0.5, rate(NAME[5m]))',
]

/**
 * Queries that show how an engine computes, over the team's own series. `labels` are those that were added on the way
 * there.
 */
export function referenceQueries(
  names: readonly NamedSeries[],
  labels: Readonly<Record<string, string>>,
): readonly ReferenceQuery[] {
  const small = names.filter(({ series }) => series <= mostSeries).map(({ name }) => name)
  const histograms = small.filter((name) => name.endsWith('_bucket'))
  const counters = small.filter((name) => name.endsWith('_total'))
  const gauges = small.filter((name) => !/_(bucket|total|sum|count|info)$/.test(name))
  const added = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const matchers = added.length === 0 ? '' : `{${added.join(',')}}`
  const forms: readonly (readonly [readonly string[], readonly string[]])[] = [
    [gauges, ofGauges],
    [counters, ofCounters],
    [histograms, ofHistograms],
  ]
  const own = forms.flatMap(([of, templates]) =>
    spread(of).flatMap((name) =>
      templates.map((template) => ({
        here: template.replace('NAME', name),
        there: template.replace('NAME', `${name}${matchers}`),
      })),
    ),
  )
  return [...fixed.map((query) => ({ here: query, there: query })), ...own]
}

/** Some of many, from the first to the last. */
function spread(names: readonly string[]): readonly string[] {
  const sorted = names.toSorted()
  if (sorted.length <= mostNames) return sorted
  return Array.from(
    { length: mostNames },
    (_, nth) => sorted[Math.floor((nth * (sorted.length - 1)) / (mostNames - 1))] ?? '',
  )
}
