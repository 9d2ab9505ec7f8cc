import { parseDuration } from '../promql/parse/duration.ts'
import { quoted } from '../promql/parse/quote.ts'

/** Either what was read, in milliseconds, or what is wrong with it. */
export type ReadMs = Readonly<{ ms: number }> | Readonly<{ fault: string }>

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const nanosecondsLimit = 2 ** 63

/** What clients send who mean the beginning and the end of all times. */
const ends: Readonly<Record<string, number>> = {
  '-292273086-05-16T16:47:06Z': -8.64e15,
  '292277025-08-18T07:12:54.999999999Z': 8.64e15,
}

/** A time as the API takes it: seconds since the epoch, or RFC 3339. */
export function readTime(text: string): ReadMs {
  if (decimal.test(text)) {
    // Seconds are rounded to whole milliseconds, then anything finer is dropped.
    const seconds = Number(text)
    const whole = Math.trunc(seconds)
    return { ms: whole * 1000 + Math.round((seconds - whole) * 1000) }
  }
  const ms = ends[text] ?? (rfc3339.test(text) ? Math.floor(Date.parse(text)) : NaN)
  return Number.isNaN(ms) ? { fault: `cannot parse ${quoted(text)} to a valid timestamp` } : { ms }
}

/** A duration as the API takes it: seconds, or `1h30m`. */
export function readDuration(text: string): ReadMs {
  const fault = `cannot parse ${quoted(text)} to a valid duration`
  if (decimal.test(text)) {
    const seconds = Number(text)
    if (Math.abs(seconds * 1e9) > nanosecondsLimit) return { fault: `${fault}. It overflows int64` }
    return { ms: seconds * 1000 }
  }
  const read = parseDuration(text)
  return 'fault' in read ? { fault } : read
}
