import type { Span } from '../../state/metrics/span.ts'
import { spanChoices } from '../../state/metrics/span.ts'

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockToSecond = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const whole = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

/** `27 Nov, 10:00 to 16:00`, in the zone of the reader. */
export function spanWords({ fromMs, toMs }: Span): string {
  const [from, to] = [date.format(fromMs), date.format(toMs)]
  if (from === to) return `${from}, ${clock.format(fromMs)} to ${clock.format(toMs)}`
  return `${whole.format(fromMs)} to ${whole.format(toMs)}`
}

/** A time below a graph: the day where a day begins, seconds where they tell something apart. */
export function tickWords(at: number, stepMs: number): string {
  const local = new Date(at)
  if (stepMs >= 86_400_000 || (local.getHours() === 0 && local.getMinutes() === 0)) return date.format(at)
  return stepMs < 60_000 ? clockToSecond.format(at) : clock.format(at)
}

export const momentWords = (at: number): string => `${date.format(at)}, ${clockToSecond.format(at)}`

/** How much time is followed: `last 3 hours`. */
export function followedWords(ms: number): string {
  const name = spanChoices.find((choice) => choice.ms === ms)?.name
  return `last ${name ?? `${Math.round(ms / 60_000)} minutes`}`
}
