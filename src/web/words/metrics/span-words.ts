import type { Span } from '../../state/metrics/span.ts'
import { spanChoices } from '../../state/metrics/span.ts'

/** `27 Nov, 10:00 to 16:00`, in the zone of the reader. */
export function spanWords({ fromMs, toMs }: Span): string {
  const [from, to] = [dateOf(fromMs), dateOf(toMs)]
  if (from === to) return `${from}, ${clockOf(fromMs)} to ${clockOf(toMs)}`
  return `${wholeOf(fromMs)} to ${wholeOf(toMs)}`
}

/** A time below a graph: the day where a day begins, seconds where they tell something apart. */
export function tickWords(at: number, stepMs: number): string {
  const local = new Date(at)
  if (stepMs >= 86_400_000 || (local.getHours() === 0 && local.getMinutes() === 0)) return dateOf(at)
  return stepMs < 60_000 ? clockToSecondOf(at) : clockOf(at)
}

export const momentWords = (at: number): string => `${dateOf(at)}, ${clockToSecondOf(at)}`

/** How much time is followed: `last 3 hours`. */
export function followedWords(ms: number): string {
  const name = spanChoices.find((choice) => choice.ms === ms)?.name
  return `last ${name ?? `${Math.round(ms / 60_000)} minutes`}`
}

// By hand: until `Intl` has its first format ready, a page that has just been opened stands still for longer than it takes to
// draw a graph.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']

function dateOf(at: number): string {
  const local = new Date(at)
  return `${local.getDate()} ${months[local.getMonth()] ?? ''}`
}

function clockOf(at: number): string {
  const local = new Date(at)
  return `${twoDigits(local.getHours())}:${twoDigits(local.getMinutes())}`
}

const clockToSecondOf = (at: number): string => `${clockOf(at)}:${twoDigits(new Date(at).getSeconds())}`

const wholeOf = (at: number): string => `${dateOf(at)} ${new Date(at).getFullYear()}, ${clockOf(at)}`

const twoDigits = (value: number): string => String(value).padStart(2, '0')
