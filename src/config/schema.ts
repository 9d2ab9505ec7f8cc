/**
 * The shape of `tandem.ts`. Every message is what is wanted, as a noun: `complain.ts` makes the sentence around it, as
 * only it knows where the value stood and what was found there.
 */
import { z } from 'zod'
import { calendarOf, durationMs, sizeBytes, stageOf } from './units.ts'

const hour = 3_600_000
const name = /^[a-z][a-z0-9-]{0,23}$/
const hostName = /^[a-z0-9][a-z0-9.-]{0,62}$/
const variable = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/
const systemUser = /^[a-z_][a-z0-9_-]{0,31}$/
const publicKey = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]{40,}( .*)?$/
/** Keys of records become properties of plain objects, where this name is taken. */
const taken = ['constructor']

const text = (wanted: string, pattern: RegExp) =>
  z.string({ error: wanted }).regex(pattern, { error: wanted })

/** Text that means something: `read` says what, or `null`. */
const read = <T>(wanted: string, read: (written: string) => T | null, now?: (found: unknown) => string) =>
  z.unknown().transform((found, context) => {
    const meant = typeof found === 'string' ? read(found) : null
    if (meant !== null) return meant
    context.addIssue({ code: 'custom', message: wanted, ...(now && { params: { now: now(found) } }) })
    return z.NEVER
  })

const command = text('a command', /^(?=[^]*\S)[^\0]+$/)
const whole = (least: number, most: number) =>
  z.custom<number>((found) => Number.isInteger(found) && Number(found) >= least && Number(found) <= most, {
    error: `a whole number from ${least} to ${most}`,
  })
const duration = (leastMs: number, mostMs: number, span: string) =>
  read(
    `a time ${span}, with its unit: '30s', '10m'`,
    (written) => within(durationMs(written), leastMs, mostMs),
    unitHint,
  )
const size = read("an amount of memory: '512M', '2G'", (written) => within(sizeBytes(written), 1, 2 ** 50))
const schedule = read(
  "a time: 'hourly', 'daily', 'weekly', 'monthly', '03:30' or 'Mon..Fri 03:30'",
  calendarOf,
)
const stage = read("a stage: 'canary', '25%', '2' or 'rest'", stageOf)
const address = read("who and where: 'deploy@10.0.0.1'", addressOf, addressHint)
const pathInside = text('a path inside the release, without ..', inside('(?!\\.?\\/*$)'))
const folderInside = text('a folder inside the checkout, without a leading / or ..', inside(''))
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: 'a list' })
const named = <T extends z.ZodType>(wanted: string, pattern: RegExp, value: T) =>
  z.record(
    z.string().refine((key) => pattern.test(key) && !taken.includes(key), { error: wanted }),
    value,
    { error: 'an object' },
  )
const named24 = 'small letters, digits and dashes, at most 24 and beginning with a letter'
const env = named('letters, digits and underscores', variable, text('a text', /^[^\0]*$/))
/** A text that stands for an object with one key. */
const short = <T extends z.ZodType>(key: string, schema: T) =>
  z.preprocess((found) => (typeof found === 'string' ? { [key]: found } : found), schema)

/** For an unknown key the message is the known ones. */
const object = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : 'an object'),
  })

/** The outermost level, and the records in it; what they hold is parsed one by one. */
export const team = object({
  people: named(named24, name, z.unknown()).optional(),
  hosts: named('small letters, digits, dots and dashes', hostName, z.unknown()).optional(),
  apps: named(named24, name, z.unknown()).optional(),
})

export const person = object({
  name: text('the name that others see', /\S/),
  may: z.enum(['everything', 'look']),
})

const roles = list(text(named24, name)).optional()

export const localHost = object({ via: z.literal('local'), roles })

export const sshHost = object({
  via: z.literal('ssh').optional(),
  address,
  port: whole(1, 65_535).optional(),
  roles,
  hostKey: text("a host key: 'ssh-ed25519 AAAA…'", publicKey).optional(),
  sudo: z.enum(['free', 'password', 'no']).optional(),
  identityFile: text('the path of a private key', /^[^\0\n]+$/).optional(),
})

const process = short(
  'command',
  object({ command, count: whole(1, 100).optional(), schedule: schedule.optional() }),
)

export const app = object({
  repo: text('a folder', /^[^\0\n]+$/).optional(),
  build: short(
    'run',
    object({
      run: command,
      output: folderInside.optional(),
      env: env.optional(),
      limit: duration(1000, 6 * hour, 'from 1s to 6h').optional(),
    }),
  ).optional(),
  run: short('web', named(named24, name, process)),
  port: whole(1, 65_535).optional(),
  front: z.enum(['haproxy', 'none']).optional(),
  health: short(
    'path',
    object({
      path: text("a path that begins with a slash: '/health'", /^\/[!-~]*$/),
      status: whole(100, 599).optional(),
      within: duration(1000, hour, 'from 1s to 1h').optional(),
    }),
  ).optional(),
  shared: list(pathInside).optional(),
  links: list(pathInside).optional(),
  env: env.optional(),
  secrets: list(text('a name of letters, digits and underscores', variable)).optional(),
  migrate: command.optional(),
  hooks: object({ before: command.optional(), after: command.optional() }).optional(),
  user: text('the name of a system user', systemUser).optional(),
  keep: whole(2, 100).optional(),
  limits: object({
    memory: size.optional(),
    tasks: whole(1, 1_000_000).optional(),
    files: whole(1, 10_000_000).optional(),
  }).optional(),
  environments: named(named24, name, z.unknown()).optional(),
})

export const environment = object({
  on: list(z.string({ error: 'the name of a host or a role' })),
  env: env.optional(),
  stages: list(stage).optional(),
  watch: duration(0, 24 * hour, 'up to 24h').optional(),
  drain: duration(0, hour, 'up to 1h').optional(),
  warm: duration(0, 7 * 24 * hour, 'up to 7d').optional(),
})

export type ParsedHost = z.output<typeof localHost> | z.output<typeof sshHost>
export type ParsedApp = z.output<typeof app>
export type ParsedEnvironment = z.output<typeof environment>

function within(found: number | null, least: number, most: number): number | null {
  return found !== null && found >= least && found <= most ? found : null
}

function unitHint(found: unknown): string {
  if (typeof found === 'number') return `write '${found}s' for seconds, '${found}ms' for milliseconds`
  return "write a number and ms, s, m, h or d: '30s'"
}

function addressOf(written: string): { user: string; address: string } | null {
  const [, user, where] = /^([^\s@:'"]+)@([^\s@'"]+)$/.exec(written) ?? []
  if (user === undefined || where === undefined || user.startsWith('-') || where.startsWith('-')) return null
  const address = where.replace(/^\[(.*)\]$/, '$1')
  return /^[^:]+:\d+$/.test(address) ? null : { user, address }
}

function addressHint(found: unknown): string {
  if (typeof found !== 'string') return "write 'deploy@10.0.0.1'"
  if (/:\d+$/.test(found))
    return `leave the port out of the address and write port: ${found.split(':').at(-1)}`
  if (!found.includes('@')) return `say as whom: 'deploy@${found}'`
  return "write 'deploy@10.0.0.1'"
}

function inside(also: string): RegExp {
  return new RegExp(`^${also}(?!\\/)(?!(?:.*\\/)?\\.\\.(?:\\/|$))[^\\0\\n]+$`)
}
