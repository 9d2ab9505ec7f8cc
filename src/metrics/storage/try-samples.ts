import type { Columns, Intake, Reason } from '../intake.ts'
import type { Labels } from '../labels.ts'

/** A sample as tests say it. */
export type Sample = Readonly<{ labels: Labels; ms: number; value: number; stale?: true }>

export function columnsOf(samples: readonly Sample[], into: Intake): Columns {
  return {
    series: samples.map(({ labels }) => into.numberOf(labels)),
    times: samples.map(({ ms }) => ms),
    values: samples.map(({ value }) => value),
    stale: samples.flatMap(({ stale }, at) => (stale === true ? [at] : [])),
  }
}

/** Gives samples to an intake, and back what became of them. */
export function take(
  into: Intake,
  samples: readonly Sample[],
): Readonly<{ taken: number; refused: readonly Readonly<{ sample: Sample; why: Reason }>[] }> {
  const { taken, refused } = into.take(columnsOf(samples, into))
  return { taken, refused: refused.map(({ at, why }) => ({ sample: samples[at] ?? nobody, why })) }
}

const nobody: Sample = { labels: [], ms: NaN, value: NaN }
