import type { Flag } from './flag.ts'

/** What a knob is bound to, with all that its definition leaves out; periods are in milliseconds. */
export type Binding = Readonly<{
  query: string
  side: 'above' | 'below'
  threshold: number
  until: number
  to: 'min' | 'max'
  min: number
  max: number
  /** The distance of the values it may have, `null` where it may have all. */
  step: number | null
  by: number
  everyMs: number
  backMs: number
  pauseMs: number
}>

/** What a flag is bound to; null for one that is not. The flag has passed `mistakesOfFlag`. */
export function bindingOf({ knob }: Pick<Flag, 'knob'>): Binding | null {
  if (knob?.bound === undefined) return null
  const { min, max, step = null, bound } = knob
  const { query, above, below, to, every } = bound
  const threshold = above ?? below ?? 0
  const everyMs = periodMs(every)
  return {
    query,
    side: above === undefined ? 'below' : 'above',
    threshold,
    until: bound.until ?? threshold,
    to,
    min,
    max,
    step,
    by: bound.by ?? usualBy(max - min, step),
    everyMs,
    backMs: bound.back === undefined ? 5 * everyMs : periodMs(bound.back),
    pauseMs: bound.pause === undefined ? 10 * everyMs : periodMs(bound.pause),
  }
}

/** A tenth of the range, in whole steps. */
function usualBy(range: number, step: number | null): number {
  return step === null ? range / 10 : Math.max(1, Math.round(range / 10 / step)) * step
}

/** A period as it is written. */
export const periodPattern = /^[1-9]\d{0,4}[smh]$/

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function periodMs(written: string): number {
  return Number(written.slice(0, -1)) * (units[written.slice(-1)] ?? 0)
}

/** As near as doubles tell: 0.3 is three steps of 0.1. */
export function isMultiple(value: number, step: number): boolean {
  const steps = value / step
  return Math.abs(steps - Math.round(steps)) < 1e-9 * Math.max(1, Math.abs(steps))
}
