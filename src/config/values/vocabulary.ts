/** What stands in many places of `tandem.ts`: names, times, sizes, commands. */
import { z } from 'zod'
import { freezeOf, zoneOf } from './freeze.ts'
import { calendarOf, durationMs, sizeBytes, stageOf } from './units.ts'
import { list, meaningful, named, text } from './wanted.ts'

export const hour = 3_600_000
export const word = {
  of: 'small letters, digits and dashes, at most 24, the first of them a letter',
  pattern: /^[a-z][a-z0-9-]{0,23}$/,
}
export const hostWord = {
  of: 'small letters, digits, dots and dashes',
  pattern: /^[a-z0-9][a-z0-9.-]{0,62}$/,
}
export const variableWord = {
  of: 'letters, digits and underscores',
  pattern: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/,
}
export const publicKey = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]{40,}( .*)?$/
export const oneLine = /^[^\0\n]+$/

export const command = text("a command, such as 'node server.js'", /^(?=[^]*\S)[^\0]+$/)
export const duration = (leastMs: number, mostMs: number, span: string) =>
  meaningful(
    `a time ${span} with its unit, such as '30s'`,
    (written) => within(durationMs(written), leastMs, mostMs),
    unitHint,
  )
export const size = meaningful("an amount of memory, such as '512M'", (written) =>
  within(sizeBytes(written), 1, 2 ** 50),
)
export const schedule = meaningful(
  "'hourly', 'daily', 'weekly', 'monthly' or a time, such as 'Mon..Fri 03:30'",
  calendarOf,
)
export const stage = meaningful("how far to go, such as 'canary', '2', '25%' or 'rest'", stageOf)
export const when = z.enum(['by hand', 'on green'])
export const freeze = meaningful(
  "a time of the week or days, such as 'Fri 16:00 - Mon 08:00' or '2026-12-20 - 2027-01-02'",
  freezeOf,
)
export const zone = meaningful("a time zone, such as 'Europe/Berlin'", zoneOf)
export const address = meaningful("a user and a machine, such as 'deploy@10.0.0.1'", addressOf, addressHint)
export const branch = text("a branch, such as 'main'", /^(?![-/.])[A-Za-z0-9._/-]{1,100}$/)
export const shared = text("a path inside the release, such as 'uploads'", inside('(?!\\.?\\/*$)'))
export const env = named(variableWord, text('a text', /^[^\0]*$/), "LOG_LEVEL: 'info'")
export const vars = z
  .record(z.string(), z.unknown(), { error: 'an object, such as { workers: 4 }' })
  .optional()
export const groups = list(z.string({ error: "the name of a group, such as 'paris'" }), "'paris'").optional()
export const roles = list(text(`a word of ${word.of}`, word.pattern), "'web'").optional()

function within(found: number | null, least: number, most: number): number | null {
  return found !== null && found >= least && found <= most ? found : null
}

function unitHint(found: unknown): string {
  if (typeof found === 'number') return `write '${found}s' for seconds, '${found}ms' for milliseconds`
  if (typeof found === 'string' && durationMs(found) !== null) return 'write a time within these bounds'
  return "write a number and ms, s, m, h or d, such as '30s'"
}

function addressOf(written: string): { user: string; address: string } | null {
  const [, user, where] = /^([^\s@:'"]+)@([^\s@'"]+)$/.exec(written) ?? []
  if (user === undefined || where === undefined || user.startsWith('-') || where.startsWith('-')) return null
  const address = where.replace(/^\[(.*)\]$/, '$1')
  return /^[^:]+:\d+$/.test(address) ? null : { user, address }
}

function addressHint(found: unknown): string {
  const example = "write 'deploy@10.0.0.1'"
  if (typeof found !== 'string') return example
  const port = /:(\d+)$/.exec(found)?.[1]
  if (port !== undefined) return `leave the port out of the address and write port: ${port}`
  return /^[\w.-]+$/.test(found) ? `say as whom: 'deploy@${found}'` : example
}

export function inside(also: string): RegExp {
  return new RegExp(`^${also}(?!\\/)(?!(?:.*\\/)?\\.\\.(?:\\/|$))[^\\0\\n]+$`)
}
