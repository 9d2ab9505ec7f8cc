import type { RangeSeries } from '../../metrics-api.ts'
import type { PanelQuery, PanelWish, Unit } from './panel.ts'
import { type Span, weekMs } from './span.ts'

/** One line of a graph. A place without a number is a gap. */
export type Line = Readonly<{
  name: string
  labels: Readonly<Record<string, string>>
  unit: Unit
  axis: 'left' | 'right'
  values: readonly (number | null)[]
  /** The same a week before, for the same times; null where nobody asked for it. */
  before: readonly (number | null)[] | null
}>

export type Graph = Readonly<{
  /** Milliseconds since the epoch, a step apart. */
  times: readonly number[]
  lines: readonly Line[]
  /** How many more series there are than can be told apart. */
  leftOut: number
}>

/** More lines than this cannot be told apart by anybody. */
export const linesLimit = 60

export type Answer = Readonly<{
  query: PanelQuery
  now: readonly RangeSeries[]
  before: readonly RangeSeries[] | null
}>

/** Puts what was answered onto the times that were asked for. */
export function graphOf(answers: readonly Answer[], span: Span, stepMs: number): Graph {
  const times = timesOf(span, stepMs)
  const all = answers.flatMap((answer) => linesOf(answer, times, answers.length > 1))
  return { times, lines: all.slice(0, linesLimit), leftOut: Math.max(0, all.length - linesLimit) }
}

export function timesOf({ fromMs, toMs }: Span, stepMs: number): readonly number[] {
  const first = Math.ceil(fromMs / stepMs) * stepMs
  const count = Math.max(1, Math.floor((toMs - first) / stepMs) + 1)
  return Array.from({ length: count }, (_, at) => first + at * stepMs)
}

function linesOf(
  { query, now, before }: Answer,
  times: readonly number[],
  isOneOfMany: boolean,
): readonly Line[] {
  const past = new Map((before ?? []).map((series) => [keyOf(series.labels), series]))
  const telling = tellingLabels(now.map(({ labels }) => labels))
  return now.map((series) => {
    const lastWeek = past.get(keyOf(series.labels))
    return {
      name: nameOf(query, series.labels, telling, isOneOfMany),
      labels: series.labels,
      unit: query.unit,
      axis: query.axis,
      values: placed(series, times, 0),
      before: before === null ? null : lastWeek === undefined ? [] : placed(lastWeek, times, weekMs),
    }
  })
}

const keyOf = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))

function placed(series: RangeSeries, times: readonly number[], agoMs: number): readonly (number | null)[] {
  const values: (number | null)[] = Array.from({ length: times.length }, () => null)
  const [first = 0, second = first + 1] = times
  for (const [at, text] of series.points) {
    const place = Math.round((at * 1_000 + agoMs - first) / (second - first))
    const value = Number(text)
    // What is not finite cannot be drawn: `NaN`, `+Inf`.
    if (place >= 0 && place < times.length && Number.isFinite(value)) values[place] = value
  }
  return values
}

/** The labels that not all of them share. */
function tellingLabels(all: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const names = new Set(all.flatMap((labels) => Object.keys(labels)))
  return [...names].filter((name) => new Set(all.map((labels) => labels[name])).size > 1).toSorted()
}

function nameOf(
  { name, query }: PanelQuery,
  labels: Readonly<Record<string, string>>,
  telling: readonly string[],
  isOneOfMany: boolean,
): string {
  const filled = name.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '')
  if (name.includes('{{')) return filled.trim() === '' ? 'all' : filled.trim()
  // What is called after its host says the same twice.
  const told = [...new Set(telling.map((label) => labels[label] ?? '').filter((value) => value !== ''))]
  if (told.length > 0) return [name, ...told].filter((word) => word !== '').join(' ')
  if (name !== '') return name
  return labels['__name__'] ?? (isOneOfMany ? query : 'value')
}

/** The least, the most and the last number of a line; null where it has none. */
export function figuresOf(
  values: readonly (number | null)[],
): Readonly<{ least: number; most: number; last: number }> | null {
  const known = values.filter((value) => value !== null)
  const last = known.at(-1)
  if (last === undefined) return null
  return { least: known.reduce((a, b) => Math.min(a, b)), most: known.reduce((a, b) => Math.max(a, b)), last }
}

/** Which units are read at which axis: the first one of each side. */
export function unitsOf({ queries }: PanelWish): Readonly<{ left: Unit; right: Unit | null }> {
  const left = queries.find(({ axis }) => axis === 'left') ?? queries[0]
  return {
    left: left?.unit ?? 'number',
    right: queries.find(({ axis }) => axis === 'right')?.unit ?? null,
  }
}
