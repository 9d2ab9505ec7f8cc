const daySeconds = 86_400
const beyond = 2 ** 63

type Day = Readonly<{ year: number; month: number; day: number }>

const functions: ReadonlyMap<string, (seconds: number) => number> = new Map<
  string,
  (seconds: number) => number
>([
  ['days_in_month', (seconds) => daysInMonth(dayOf(seconds))],
  ['day_of_month', (seconds) => dayOf(seconds).day],
  ['day_of_week', (seconds) => remainder(daysOf(seconds) + 4, 7)],
  ['day_of_year', dayOfYear],
  ['hour', (seconds) => Math.floor(remainder(seconds, daySeconds) / 3600)],
  ['minute', (seconds) => Math.floor(remainder(seconds, 3600) / 60)],
  ['month', (seconds) => dayOf(seconds).month],
  ['year', (seconds) => dayOf(seconds).year],
])

/** The function of a time, in seconds since the epoch and in UTC, that has this name, if one has. */
export function calendarNamed(name: string): ((seconds: number) => number) | null {
  const found = functions.get(name)
  return found === undefined ? null : (seconds) => found(wholeSeconds(seconds))
}

/** What is no time that fits into 63 bits counts as the one just beyond, as it does in Prometheus. */
function wholeSeconds(seconds: number): number {
  return Math.abs(seconds) < beyond ? Math.trunc(seconds) : beyond
}

function remainder(value: number, by: number): number {
  return ((value % by) + by) % by
}

/** Whole days since the epoch; exact, however large. */
function daysOf(seconds: number): number {
  return (seconds - remainder(seconds, daySeconds)) / daySeconds
}

/**
 * The day in the Gregorian calendar, also before it began and beyond what a Date can hold. Years are counted from March,
 * so that the odd day is the last of its year (Howard Hinnant's days algorithms).
 */
function dayOf(seconds: number): Day {
  const days = daysOf(seconds) + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365)
  const day = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * day + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: day - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function daysInMonth({ year, month }: Day): number {
  return (lengths[month - 1] ?? NaN) + (month === 2 && isLeap(year) ? 1 : 0)
}

function dayOfYear(seconds: number): number {
  const { year, month, day } = dayOf(seconds)
  const before = lengths.slice(0, month - 1).reduce((sum, length) => sum + length, 0)
  return before + day + (month > 2 && isLeap(year) ? 1 : 0)
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
