import { parseFloatText } from '../parse/number.ts'

/** `none` is a slot without a sample. */
export type SlotValue = number | 'stale' | 'none'

const number = String.raw`[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+|[iI]nf|[nN]a[nN])`
const form = new RegExp(`^(?:(_)|(stale)|(${number})([+-]${number.slice('[+-]?'.length)})?)(?:x(\\d+))?$`)

/** The values of a series as test scripts write them: `1 2 stale`, `_x5`, `0+10x100`. */
export function seriesValues(text: string): readonly SlotValue[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((word) => valuesOf(word))
}

function valuesOf(word: string): readonly SlotValue[] {
  const match = form.exec(word)
  if (match === null) throw new Error(`${word} is no value of a series`)
  const [, blank, stale, first = '', step = '0', times] = match
  if (blank !== undefined) return Array.from({ length: Number(times ?? 1) }, () => 'none' as const)
  if (stale !== undefined) return ['stale']
  const from = parseFloatText(first) ?? NaN
  const by = parseFloatText(step) ?? NaN
  const values: number[] = []
  // Summed up one after the other, as the script says it.
  for (let at = 0, value = from; at <= Number(times ?? 0); at += 1, value += by) values.push(value)
  return values
}
