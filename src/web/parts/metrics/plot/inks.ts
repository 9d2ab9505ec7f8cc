import type { MarkKind } from '../../../state/metrics/marks.ts'

/** The colours of a plot, as the page has them now: light or dark. */
export type Inks = Readonly<{
  ground: string
  quiet: string
  edge: string
  font: string
  series: readonly string[]
  kinds: Readonly<Record<MarkKind, string>>
}>

/** Lines of more than these begin again with the first. */
export const seriesInks = 10

export function inksIn(box: HTMLElement): Inks {
  const style = getComputedStyle(box)
  const ink = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const quiet = ink('quiet')
  return {
    ground: ink('ground'),
    quiet,
    edge: ink('edge'),
    font: `11px ${ink('sans')}`,
    series: Array.from({ length: seriesInks }, (_, at) => ink(`series-${at + 1}`)),
    kinds: {
      deploy: ink('accent'),
      apply: ink('infra'),
      flip: ink('good'),
      drift: ink('care'),
      run: quiet,
      other: quiet,
      told: ink('told'),
    },
  }
}
