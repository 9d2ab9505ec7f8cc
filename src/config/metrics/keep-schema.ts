/** The shape of `metrics.keep`: how long samples and their summaries stay, how late they may come, and how many. */
import { defaults } from '../defaults.ts'
import type { KeepConfig } from './metrics.ts'
import { duration, size } from '../values/vocabulary.ts'
import { object, whole } from '../values/wanted.ts'
import type { z } from 'zod'

const dayMs = 86_400_000

export const keep = object(
  {
    for: duration(dayMs, 3650 * dayMs, 'from 1d to 3650d').optional(),
    minutes: duration(dayMs, 3650 * dayMs, 'from 1d to 3650d').optional(),
    hours: duration(dayMs, 36_500 * dayMs, 'from 1d to 36500d').optional(),
    upTo: size.optional(),
    late: duration(60_000, 7 * dayMs, 'from 1m to 7d').optional(),
    series: whole(1000, 10_000_000, 1_000_000).optional(),
    seriesOfOneName: whole(100, 10_000_000, 100_000).optional(),
    valuesOfOneLabel: whole(10, 10_000_000, 50_000).optional(),
  },
  "for: '90d'",
)

/** What is meant by `metrics.keep`, and by leaving it out. */
export function keepConfig(said: z.output<typeof keep> = {}): KeepConfig {
  return {
    keptMs: said.for ?? defaults.samplesKeptMs,
    keptMinutesMs: said.minutes ?? defaults.minutesKeptMs,
    keptHoursMs: said.hours ?? defaults.hoursKeptMs,
    keptBytes: said.upTo ?? null,
    lateMs: said.late ?? defaults.samplesLateMs,
    seriesLimit: said.series ?? defaults.series,
    seriesOfNameLimit: said.seriesOfOneName ?? defaults.seriesOfOneName,
    valuesOfLabelLimit: said.valuesOfOneLabel ?? defaults.valuesOfOneLabel,
  }
}
