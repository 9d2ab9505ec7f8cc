import type { Run } from '../../src/metrics/source.ts'
import { beginMs, stepMs, valueAt } from './made.ts'

/** How many samples of a series are not there as they were acknowledged, of the ticks from the first to before `ticks`. */
export function lostOf(nth: number, { times, values }: Pick<Run, 'times' | 'values'>, ticks: number): number {
  let lost = 0
  let at = 0
  for (let tick = 0; tick < ticks; tick += 1) {
    const ms = beginMs + tick * stepMs
    while (at < times.length && (times[at] ?? 0) < ms) at += 1
    if (times[at] !== ms || !Object.is(values[at], valueAt(nth, tick))) lost += 1
  }
  return lost
}
