import type { FreezeConfig } from '../repo/repo.ts'

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const moment = `(${days.join('|')}) ([01]\\d|2[0-3]):([0-5]\\d)`
const weekly = new RegExp(`^${moment} - ${moment}$`)
const dates = /^(\d{4}-\d{2}-\d{2})(?: - (\d{4}-\d{2}-\d{2}))?$/

/** `Fri 16:00 - Mon 08:00`, `2026-12-20 - 2027-01-02` or one day; `null` for anything else. */
export function freezeOf(written: string): FreezeConfig | null {
  const week = weekly.exec(written)
  if (week !== null) {
    const [fromMinute, toMinute] = [minuteOf(week.slice(1, 4)), minuteOf(week.slice(4, 7))]
    return fromMinute === toMinute ? null : { type: 'weekly', fromMinute, toMinute, written }
  }
  const [, from, to = from] = dates.exec(written) ?? []
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to) || to < from) return null
  return { type: 'dates', from, to, written }
}

/** The name of a time zone that this Node knows; `null` for anything else. */
export function zoneOf(written: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: written }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

/** The first of these times that `at` lies in. `zone` is null for the zone of this machine. */
export function frozenBy(
  freezes: readonly FreezeConfig[],
  at: number,
  zone: string | null,
): FreezeConfig | null {
  const local = localTime(at, zone)
  return freezes.find((freeze) => holds(freeze, local)) ?? null
}

type LocalTime = Readonly<{ day: string; minute: number }>

function holds(freeze: FreezeConfig, { day, minute }: LocalTime): boolean {
  if (freeze.type === 'dates') return freeze.from <= day && day <= freeze.to
  const { fromMinute, toMinute } = freeze
  // Most of these go over the end of a week.
  if (fromMinute < toMinute) return fromMinute <= minute && minute < toMinute
  return fromMinute <= minute || minute < toMinute
}

/** The date, and the minute of a week that begins on Monday. */
function localTime(at: number, zone: string | null): LocalTime {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...(zone === null ? {} : { timeZone: zone }),
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minute: minuteOf([part('weekday').replace('.', ''), part('hour'), part('minute')]),
  }
}

function minuteOf([day = '', hour = '', minute = '']: readonly string[]): number {
  return (days.indexOf(day) * 24 + Number(hour)) * 60 + Number(minute)
}

function isDay(written: string): boolean {
  const at = Date.parse(`${written}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(written)
}
