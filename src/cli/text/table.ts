import { type Paint, type Tone, tame } from '../../words/paint.ts'
import { cut, widthOf } from './width.ts'

export type Cell = Readonly<{ text: string; tone: Tone }>

export const cell = (text: string, tone: Tone = 'plain'): Cell => ({ text: tame(text), tone })

const gap = 2
const narrowest = 6

/** Lines with their columns aligned, no wider than the screen: the widest columns give way. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  page: Readonly<{ columns: number; paint: Paint }>,
): readonly string[] {
  const all = [head.map((text) => cell(text, 'dim')), ...rows]
  const widths = fit(
    head.map((_, at) => Math.max(...all.map((row) => widthOf(row[at]?.text ?? '')))),
    page.columns,
  )
  return all.map((row) => rowText(row, widths, page.paint))
}

function rowText(row: readonly Cell[], widths: readonly number[], paint: Paint): string {
  const cells = row.map(({ text, tone }, at) => {
    const shown = cut(text, widths[at] ?? 0)
    const isLast = at === row.length - 1
    return paint[tone](shown) + (isLast ? '' : ' '.repeat((widths[at] ?? 0) - widthOf(shown) + gap))
  })
  return cells.join('').trimEnd()
}

function fit(wanted: readonly number[], columns: number): readonly number[] {
  const widths = [...wanted]
  const total = () => widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1)
  while (total() > columns) {
    const widest = widths.indexOf(Math.max(...widths))
    const width = widths[widest] ?? 0
    if (width <= narrowest) break
    widths[widest] = width - 1
  }
  return widths
}
