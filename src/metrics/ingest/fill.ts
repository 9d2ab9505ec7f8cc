import type { Columns, Intake, Reason } from '../intake.ts'

/** Columns while they are being filled. */
export type Filling = Readonly<{ series: number[]; times: number[]; values: number[]; stale: number[] }>

export function noSamples(): Filling {
  return { series: [], times: [], values: [], stale: [] }
}

/** Why samples are not taken: by the intake, or before it is asked. */
export type Fault = Reason | 'no name' | 'labels out of bounds' | 'native histogram'

/** How many samples were refused, and why. */
export type Refusals = Readonly<Partial<Record<Fault, number>>>

/** What became of a body. */
export type Receipt = Readonly<{ samples: number; taken: number; refused: Refusals }>

/**
 * Hands samples over, beside those that were refused before. Throws what the intake throws: then nothing was taken.
 */
export function takeAll(intake: Intake, columns: Columns, before: Refusals = {}): Receipt {
  const counts: Partial<Record<Fault, number>> = { ...before }
  const samples = columns.series.length + Object.values(before).reduce((sum, count) => sum + count, 0)
  if (columns.series.length === 0) return { samples, taken: 0, refused: counts }
  const { taken, refused } = intake.take(columns)
  for (const { why } of refused) counts[why] = (counts[why] ?? 0) + 1
  return { samples, taken, refused: counts }
}
