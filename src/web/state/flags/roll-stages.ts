import type { RollStage } from '../../../api/wire/flags.ts'

/** Rollouts as people mostly want them. */
export const rollPlans = [
  '1% 10m, 10% 1h, 50% 1h, 100%',
  '5% 5m, 25% 10m, 100%',
  '1% 1d, 10% 1d, 50% 1d, 100%',
] as const

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `1% 10m, 100%` as stages that grow; null for what is none. The last needs no time. */
export function stagesIn(text: string): readonly RollStage[] | null {
  const stages: RollStage[] = []
  for (const part of text.split(',')) {
    const [, percent, count = '0', unit = 's'] =
      /^\s*(\d{1,3}(?:\.\d{1,2})?)\s*%(?:\s+(\d{1,6})\s*([smhd]))?\s*$/.exec(part) ?? []
    const next = Number(percent)
    if (percent === undefined || next <= (stages.at(-1)?.percent ?? 0) || next > 100) return null
    stages.push({ percent: next, holdMs: Number(count) * (units[unit] ?? 0) })
  }
  return stages
}
