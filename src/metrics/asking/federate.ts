import { compareLabels, keyOf, type Labels, metricName, valueOf, withoutName } from '../labels.ts'
import type { Answered } from '../metrics-side.ts'
import type { Asking } from '../promql/engine.ts'
import { valueText } from '../promql/format.ts'
import type { Run } from '../source.ts'
import { matchersIn } from './series.ts'

const contentType = 'text/plain; version=0.0.4; charset=utf-8'

type Latest = Readonly<{ labels: Labels; ms: number; value: number }>

/** The newest sample of each series that is asked for, in the words in which programs say their numbers. */
export async function federate(
  params: URLSearchParams,
  { source, lookbackMs }: Asking,
  nowMs: number,
): Promise<Answered> {
  const found = new Map<string, Latest>()
  for (const matchers of matchersIn(params)) {
    const { runs } = await source.select({ matchers, fromMs: nowMs - lookbackMs, toMs: nowMs })
    for (const run of runs) {
      const latest = latestOf(run)
      if (latest !== null) found.set(keyOf(latest.labels), latest)
    }
  }
  const sorted = [...found.values()].toSorted(
    (a, b) => compare(nameOf(a), nameOf(b)) || compareLabels(a.labels, b.labels),
  )
  return { status: 200, contentType, body: new TextEncoder().encode(linesOf(sorted).join('')) }
}

function latestOf({ labels, times, values, stale }: Run): Latest | null {
  const at = times.length - 1
  if (at < 0 || stale?.at(-1) === at || valueOf(labels, metricName) === '') return null
  return { labels, ms: times[at] ?? 0, value: values[at] ?? 0 }
}

function linesOf(samples: readonly Latest[]): readonly string[] {
  return samples.map((sample, at) => {
    const before = samples[at - 1]
    const name = nameOf(sample)
    const isFirst = before === undefined || nameOf(before) !== name
    return `${isFirst ? `# TYPE ${name} untyped\n` : ''}${lineOf(sample)}`
  })
}

function lineOf({ labels, ms, value }: Latest): string {
  const rest = withoutName(labels)
  const pairs: string[] = []
  for (let at = 0; at < rest.length; at += 2) pairs.push(`${rest[at]}="${escaped(rest[at + 1] ?? '')}"`)
  // Whoever asks must not put its own `instance` where there was none.
  if (valueOf(labels, 'instance') === '') pairs.push('instance=""')
  return `${valueOf(labels, metricName)}{${pairs.join(',')}} ${valueText(value)} ${ms}\n`
}

const nameOf = ({ labels }: Latest): string => valueOf(labels, metricName)

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
