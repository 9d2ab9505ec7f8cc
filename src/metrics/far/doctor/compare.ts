import { labelsText } from '../../promql/labels-text.ts'
import { compareLabels, keyOf, type Labels, valueOf, without } from '../../labels.ts'

/** What a query over a time came to: values by time, for each series. */
export type Answered = Readonly<
  { type: 'matrix'; series: readonly AnsweredSeries[] } | { type: 'error'; what: string }
>

export type AnsweredSeries = Readonly<{ labels: Labels; values: ReadonlyMap<number, number> }>

/** What is as good as the same: engines add up in other orders. */
const tolerance = 1e-6

/** What differs, in words; null where both say the same. `added` are labels that only the other side has. */
export function differenceOf(
  here: Answered,
  there: Answered,
  added: Readonly<Record<string, string>>,
): string | null {
  if (here.type === 'error' && there.type === 'error') return null
  if (here.type === 'error') return `here it is refused (${here.what}), there it has an answer`
  if (there.type === 'error') return `there it is refused: ${there.what}`
  const theirs = new Map(there.series.map((one) => [keyOf(bare(one.labels, added)), one]))
  const missing = here.series.filter(({ labels }) => !theirs.has(keyOf(labels)))
  const mine = new Set(here.series.map(({ labels }) => keyOf(labels)))
  const more = there.series.filter(({ labels }) => !mine.has(keyOf(bare(labels, added))))
  if (missing.length > 0 || more.length > 0) return namesDiffer(missing, more)
  for (const one of here.series.toSorted((a, b) => compareLabels(a.labels, b.labels))) {
    const other = theirs.get(keyOf(one.labels))
    const what = other === undefined ? null : valuesDiffer(one, other)
    if (what !== null) return what
  }
  return null
}

function namesDiffer(missing: readonly AnsweredSeries[], more: readonly AnsweredSeries[]): string {
  const named = (all: readonly AnsweredSeries[]): string => {
    const [first, ...others] = all.map(({ labels }) => labelsText(labels)).toSorted()
    return others.length === 0 ? (first ?? '') : `${first ?? ''} and ${others.length} more`
  }
  if (more.length === 0) return `there it has no ${named(missing)}`
  if (missing.length === 0) return `only there it has ${named(more)}`
  return `here it has ${named(missing)}, there ${named(more)}`
}

function valuesDiffer(here: AnsweredSeries, there: AnsweredSeries): string | null {
  const times = [...new Set([...here.values.keys(), ...there.values.keys()])].toSorted((a, b) => a - b)
  const differing = times.filter((ms) => !isSame(here.values.get(ms), there.values.get(ms)))
  const [first] = differing
  if (first === undefined) return null
  const said = (value: number | undefined): string => (value === undefined ? 'nothing' : String(value))
  const at = new Date(first).toISOString().slice(11, 19)
  const values = `here ${said(here.values.get(first))}, there ${said(there.values.get(first))}`
  return `${differing.length} of ${times.length} values of ${labelsText(here.labels)} differ: at ${at} ${values}`
}

function isSame(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

function bare(labels: Labels, added: Readonly<Record<string, string>>): Labels {
  const names = Object.entries(added).flatMap(([name, value]) =>
    valueOf(labels, name) === value ? [name] : [],
  )
  return names.length === 0 ? labels : without(labels, new Set(names))
}
