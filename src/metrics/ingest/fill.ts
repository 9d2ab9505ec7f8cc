import type { Columns, Intake, Reason } from '../intake.ts'

/** Columns while they are being filled. */
export type Filling = Readonly<{ series: number[]; times: number[]; values: number[]; stale: number[] }>

export function noSamples(): Filling {
  return { series: [], times: [], values: [], stale: [] }
}

/** Why how many samples were refused. */
export type Refusals = Readonly<Partial<Record<Reason, number>>>

/** What became of a body. */
export type Receipt = Readonly<{ samples: number; taken: number; refused: Refusals }>

/** Hands samples over. Throws what the intake throws: then nothing was taken. */
export function takeAll(intake: Intake, columns: Columns): Receipt {
  const samples = columns.series.length
  if (samples === 0) return { samples, taken: 0, refused: {} }
  const { taken, refused } = intake.take(columns)
  const counts: Partial<Record<Reason, number>> = {}
  for (const { why } of refused) counts[why] = (counts[why] ?? 0) + 1
  return { samples, taken, refused: counts }
}
