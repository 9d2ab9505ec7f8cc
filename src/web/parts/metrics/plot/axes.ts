import type uPlot from 'uplot'
import type { Unit } from '../../../state/metrics/panel.ts'
import { tickWords } from '../../../words/metrics/span-words.ts'
import { unitWords } from '../../../words/metrics/unit-words.ts'
import type { Inks } from './inks.ts'

/** As wide on every panel, so that times stand below each other on a page. */
export const axisPx = 58

/** Bytes are counted in powers of two: 256 KB, 512 KB, 1 MB. */
const binarySteps = Array.from({ length: 56 }, (_, power) => 2 ** power)

/** The axes of times and of numbers; the right one only where something is read there. */
export function axesOf(
  { left, right }: Readonly<{ left: Unit; right: Unit | null }>,
  inks: Inks,
): uPlot.Axis[] {
  const grid = { stroke: inks.edge, width: 1 }
  const look = { stroke: inks.quiet, font: inks.font, ticks: { show: false } }
  const numbers = (scale: string, unit: Unit): uPlot.Axis => ({
    ...look,
    scale,
    size: axisPx,
    space: 32,
    gap: 6,
    values: (_, splits) => splits.map((value) => unitWords(value, unit)),
    ...(unit.startsWith('bytes') ? { incrs: [...binarySteps] } : {}),
  })
  const times: uPlot.Axis = {
    ...look,
    grid,
    size: 26,
    space: 64,
    gap: 6,
    values: (_, splits) => splits.map((at) => tickWords(at, (splits[1] ?? 0) - (splits[0] ?? 0))),
  }
  if (right === null) return [times, { ...numbers('left', left), grid }]
  return [
    times,
    { ...numbers('left', left), grid },
    { ...numbers('right', right), side: 1, grid: { show: false } },
  ]
}
