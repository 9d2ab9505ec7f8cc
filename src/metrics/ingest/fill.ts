import type { Columns, Intake } from '../intake.ts'
import type { Fault, Refusals, TakenCount } from '../metrics-side.ts'

/** Columns while they are being filled. */
export type Filling = Readonly<{ series: number[]; times: number[]; values: number[]; stale: number[] }>

export function noSamples(): Filling {
  return { series: [], times: [], values: [], stale: [] }
}

/**
 * Hands samples over, beside those that were refused before. Throws what the intake throws: then nothing was taken.
 */
export function takeAll(intake: Intake, columns: Columns, before: Refusals = {}): TakenCount {
  const counts: Partial<Record<Fault, number>> = { ...before }
  const samples = columns.series.length + Object.values(before).reduce((sum, count) => sum + count, 0)
  if (columns.series.length === 0) return { samples, taken: 0, refused: counts }
  const { taken, refused } = intake.take(columns)
  for (const { why } of refused) counts[why] = (counts[why] ?? 0) + 1
  return { samples, taken, refused: counts }
}
