import type { StoreOptions } from '../../src/metrics/storage/store-options.ts'
import { type Labels, labelsOf } from '../../src/metrics/labels.ts'

export const beginMs = 1_795_392_000_000
/** A window of blocks is over after so few ticks that many are, while we are killed. */
export const stepMs = 10_000

export const metricName = 'made_up_total'

export function labelsAt(nth: number): Labels {
  return labelsOf({
    __name__: metricName,
    nth: String(nth),
    host: `host${nth % 40}`,
    job: 'node',
    path: `/a/path/of/some/length/${nth}`,
  })
}

/** Which value a series has at a tick: whoever reads it back knows. A third are no decimals of few places. */
export function valueAt(nth: number, tick: number): number {
  return nth % 3 === 0 ? Math.sin(nth + tick) : tick * (nth % 7) + nth
}

export function optionsOf(folder: string, headSamples: number): StoreOptions {
  return {
    folder,
    now: () => beginMs + 3650 * 86_400_000,
    seriesLimit: 1e6,
    seriesOfNameLimit: 1e6,
    keptMs: 3650 * 86_400_000,
    headSamples,
  }
}
