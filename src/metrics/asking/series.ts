import { compareLabels, isLabelName, keyOf, type Labels, valueOf } from '../labels.ts'
import { type Matcher, testOf } from '../matcher.ts'
import type { Answered } from '../metrics-side.ts'
import { parseSelector } from '../promql/parse/parse-selector.ts'
import { quoted } from '../promql/parse/quote.ts'
import { QueryTrouble } from '../promql/parse/trouble.ts'
import type { Found, Selection } from '../source.ts'
import { success } from './envelope.ts'
import { AskFailure, invalid } from './failure.ts'
import { labelsJson, textJson } from './json.ts'
import { timeOr } from './query.ts'

export type FindSeries = (selection: Selection) => Found | Promise<Found>

/** The series whose samples may lie in the times that were asked for. */
export async function seriesIn(params: URLSearchParams, find: FindSeries): Promise<Answered> {
  if (!params.has('match[]')) throw new AskFailure('bad_data', 'no match[] parameter provided')
  const span = spanIn(params)
  const { series, warnings } = await findAll(namedIn(params), span, find)
  return limited(series.map(labelsJson), warnings, params)
}

export async function labelNames(params: URLSearchParams, find: FindSeries): Promise<Answered> {
  const span = spanIn(params)
  const { series, warnings } = await findAll(matchersOrAll(params), span, find)
  const names = new Set<string>()
  for (const labels of series) for (let at = 0; at < labels.length; at += 2) names.add(labels[at] ?? '')
  return limited([...names].toSorted().map(textJson), warnings, params)
}

export async function labelValues(
  params: URLSearchParams,
  written: string,
  find: FindSeries,
): Promise<Answered> {
  const name = unescaped(written)
  if (!isLabelName(name)) throw new AskFailure('bad_data', `invalid label name: ${quoted(name)}`)
  const span = spanIn(params)
  const { series, warnings } = await findAll(matchersOrAll(params), span, find)
  const values = new Set<string>()
  for (const labels of series) {
    const value = valueOf(labels, name)
    if (value !== '') values.add(value)
  }
  return limited([...values].toSorted().map(textJson), warnings, params)
}

type Span = Readonly<{ fromMs: number; toMs: number }>

function spanIn(params: URLSearchParams): Span {
  const fromMs = timeOr(params, 'start', -Infinity)
  return { fromMs, toMs: timeOr(params, 'end', Infinity) }
}

const everything: readonly (readonly Matcher[])[] = [[]]

function matchersOrAll(params: URLSearchParams): readonly (readonly Matcher[])[] {
  return params.has('match[]') ? matchersIn(params) : everything
}

/** What series are named by, several times: any of them will do. */
export function matchersIn(params: URLSearchParams): readonly (readonly Matcher[])[] {
  return params.getAll('match[]').map((text) => {
    const matchers = selectorIn(text)
    if (matchers.every((matcher) => testOf(matcher)('')))
      throw new AskFailure('bad_data', 'match[] must contain at least one non-empty matcher')
    return matchers
  })
}

/** As `matchersIn`, where it is said which parameter is wrong. */
export function namedIn(params: URLSearchParams): readonly (readonly Matcher[])[] {
  try {
    return matchersIn(params)
  } catch (thrown) {
    throw thrown instanceof AskFailure ? invalid('match[]', thrown.message) : thrown
  }
}

function selectorIn(text: string): readonly Matcher[] {
  try {
    return parseSelector(text)
  } catch (thrown) {
    throw thrown instanceof QueryTrouble ? new AskFailure('bad_data', thrown.message) : thrown
  }
}

/** Each series once, though several names may mean it. */
async function findAll(sets: readonly (readonly Matcher[])[], span: Span, find: FindSeries): Promise<Found> {
  const found = await Promise.all(sets.map(async (matchers) => find({ matchers, ...span })))
  const [only] = found
  if (found.length === 1 && only !== undefined) return { ...only, series: sorted(only.series) }
  const unique = new Map<string, Labels>()
  for (const { series } of found) for (const labels of series) unique.set(keyOf(labels), labels)
  return { series: sorted([...unique.values()]), warnings: found.flatMap(({ warnings }) => warnings) }
}

const sorted = (series: readonly Labels[]): readonly Labels[] => series.toSorted(compareLabels)

/** Newer clients ask for no more than they can show. */
function limited(texts: readonly string[], warnings: readonly string[], params: URLSearchParams): Answered {
  const limit = limitIn(params)
  const isCut = limit > 0 && texts.length > limit
  const shown = isCut ? texts.slice(0, limit) : texts
  return success(`[${shown.join(',')}]`, isCut ? [...warnings, 'results truncated due to limit'] : warnings)
}

export function limitIn(params: URLSearchParams): number {
  const text = params.get('limit') ?? ''
  if (text === '') return 0
  if (!/^[+-]?\d+$/.test(text)) throw new AskFailure('bad_data', 'limit must be a number')
  return Math.max(0, Number(text))
}

/** Names that are no names of old are written `U__`, with `_2e_` for what stands for a letter. */
function unescaped(written: string): string {
  if (!written.startsWith('U__')) return written
  return written
    .slice(3)
    .replace(/__|_([0-9a-fA-F]{1,6})_/g, (found, hex?: string) =>
      hex === undefined ? '_' : letterOf(Number.parseInt(hex, 16), found),
    )
}

const letterOf = (code: number, otherwise: string): string =>
  code <= 0x10ffff ? String.fromCodePoint(code) : otherwise
