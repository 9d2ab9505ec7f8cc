import type { Share, StageConfig } from '../config.ts'

const msOf = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const bytesOf = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
const calendarWords = ['hourly', 'daily', 'weekly', 'monthly']
const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const calendar = new RegExp(`^(?:(${day}(?:(?:\\.\\.|,)${day})*) )?([01]\\d|2[0-3]):([0-5]\\d)$`)

/** Milliseconds of `250ms`, `30s`, `1.5h`; `null` for anything else. */
export function durationMs(written: string): number | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(written) ?? []
  if (count === undefined || !isKeyOf(msOf, unit)) return null
  return Math.round(Number(count) * msOf[unit])
}

/** Bytes of `512M`; `null` for anything else. */
export function sizeBytes(written: string): number | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([KMG])$/.exec(written) ?? []
  if (count === undefined || !isKeyOf(bytesOf, unit)) return null
  return Math.round(Number(count) * bytesOf[unit])
}

/** A stage of a release: `canary`, `25%`, `2`, `rest`; `null` for anything else. */
export function stageOf(written: string): StageConfig | null {
  const share = shareOf(written)
  return share === null ? null : { name: written, share }
}

function shareOf(written: string): Share | null {
  if (written === 'canary') return { type: 'hosts', hosts: 1 }
  if (written === 'rest') return { type: 'percent', percent: 100 }
  const [, count, percent] = /^([1-9]\d{0,3})(%?)$/.exec(written) ?? []
  if (count === undefined) return null
  if (percent !== '%') return { type: 'hosts', hosts: Number(count) }
  return Number(count) > 100 ? null : { type: 'percent', percent: Number(count) }
}

/** The systemd calendar expression of `daily`, `03:30`, `Mon..Fri 03:30`; `null` for anything else. */
export function calendarOf(written: string): string | null {
  if (calendarWords.includes(written)) return written
  const [whole, days, hour, minute] = calendar.exec(written) ?? []
  if (whole === undefined) return null
  return `${days === undefined ? '' : `${days} `}*-*-* ${hour}:${minute}:00`
}

function isKeyOf<T extends object>(table: T, key: PropertyKey | undefined): key is keyof T {
  return key !== undefined && Object.hasOwn(table, key)
}
