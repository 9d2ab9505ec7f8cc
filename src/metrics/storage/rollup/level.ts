import type { Span } from '../window.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** Summaries of one length. They are made a day at a time; days become one file of `spanMs` when all of them are over. */
export type Level = Readonly<{ name: 'minutes' | 'hours'; lengthMs: number; spanMs: number }>

export const minutes: Level = { name: 'minutes', lengthMs: minuteMs, spanMs: dayMs }
export const hours: Level = { name: 'hours', lengthMs: hourMs, spanMs: 30 * dayMs }

/** The stretch of this length that a time lies in, both ends included. */
export function stretchOf(ms: number, lengthMs: number): Span {
  const fromMs = Math.floor(ms / lengthMs) * lengthMs
  return { fromMs, toMs: fromMs + lengthMs - 1 }
}

export function isInside(inner: Span, outer: Span): boolean {
  return inner.fromMs >= outer.fromMs && inner.toMs <= outer.toMs
}
