/**
 * The milliseconds since 1970 that a text says: `2026-11-27` (midnight, UTC) or RFC 3339 with its offset, such as
 * `2026-11-27T09:30:00Z`. NaN for all else: what has no offset means another moment on each machine.
 */
export function momentOf(text: string): number {
  const into = new Float64Array(1)
  readMoment(text, into)
  return into[0] ?? NaN
}

/** The same into the first place of `into`: a number of this size would be allocated on its way out of a function. */
export function readMoment(text: string, into: Float64Array): void {
  into[0] = NaN
  const end = text.length
  if (end < 10 || end > 40 || text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return
  const days = daysOf(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2))
  if (end === 10) {
    into[0] = days * dayMs
    return
  }
  const separator = text.charCodeAt(10) | 0x20
  if ((separator !== 0x74 && separator !== 0x20) || text.charCodeAt(13) !== colon) return
  const hours = number(text, 11, 2)
  const minutes = number(text, 14, 2)
  const hasSeconds = text.charCodeAt(16) === colon
  const seconds = hasSeconds ? number(text, 17, 2) : 0
  const after = hasSeconds ? 19 : 16
  const zone = text.charCodeAt(after) === dot ? fractionEnd(text, after + 1) : after
  if (!(hours < 24 && minutes < 60 && seconds < 60) || zone === after + 1) return
  const within = hours * 3_600_000 + minutes * 60_000 + seconds * 1000
  into[0] = days * dayMs + within + fraction(text, after, zone) - offsetOf(text, zone)
}

const dash = 0x2d
const colon = 0x3a
const dot = 0x2e
const dayMs = 86_400_000

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57
}

/** The number of exactly so many digits; NaN when one is none. */
function number(text: string, from: number, size: number): number {
  let value = 0
  for (let at = from; at < from + size; at += 1) {
    const unit = text.charCodeAt(at)
    if (!isDigit(unit)) return NaN
    value = value * 10 + unit - 48
  }
  return value
}

/** Days since 1970 of a day that there is, else NaN (Howard Hinnant's days_from_civil). */
function daysOf(year: number, month: number, day: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const last =
    month === 2 ? (isLeap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= last)) return NaN
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

function fractionEnd(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at += 1
  return at
}

/** The milliseconds of a fraction of a second; finer ones are cut off. */
function fraction(text: string, from: number, to: number): number {
  let value = 0
  let worth = 100
  for (let at = from + 1; at < to && worth >= 1; at += 1) {
    value += (text.charCodeAt(at) - 48) * worth
    worth /= 10
  }
  return value
}

/** The milliseconds to take away for `Z` or `+02:00`; NaN when it is neither, or more follows. */
function offsetOf(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  if ((sign | 0x20) === 0x7a) return at + 1 === text.length ? 0 : NaN
  if ((sign !== 0x2b && sign !== dash) || at + 6 !== text.length || text.charCodeAt(at + 3) !== colon)
    return NaN
  const hours = number(text, at + 1, 2)
  const minutes = number(text, at + 4, 2)
  if (!(hours < 24 && minutes < 60)) return NaN
  return (sign === dash ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
