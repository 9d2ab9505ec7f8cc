/** The shape of `tandem.ts`. */
import { z } from 'zod'
import { recipeMark } from './said.ts'
import { calendarOf, durationMs, sizeBytes, stageOf } from './units.ts'
import { list, meaningful, named, object, short, text, whole } from './wanted.ts'

const hour = 3_600_000
const word = {
  of: 'small letters, digits and dashes, at most 24, the first of them a letter',
  pattern: /^[a-z][a-z0-9-]{0,23}$/,
}
const hostWord = { of: 'small letters, digits, dots and dashes', pattern: /^[a-z0-9][a-z0-9.-]{0,62}$/ }
const variableWord = { of: 'letters, digits and underscores', pattern: /^[A-Za-z_][A-Za-z0-9_]{0,127}$/ }
const publicKey = /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+) [A-Za-z0-9+/=]{40,}( .*)?$/
const oneLine = /^[^\0\n]+$/

const command = text("a command, such as 'node server.js'", /^(?=[^]*\S)[^\0]+$/)
const duration = (leastMs: number, mostMs: number, span: string) =>
  meaningful(
    `a time ${span} with its unit, such as '30s'`,
    (written) => within(durationMs(written), leastMs, mostMs),
    unitHint,
  )
const size = meaningful("an amount of memory, such as '512M'", (written) =>
  within(sizeBytes(written), 1, 2 ** 50),
)
const schedule = meaningful(
  "'hourly', 'daily', 'weekly', 'monthly' or a time, such as 'Mon..Fri 03:30'",
  calendarOf,
)
const stage = meaningful("how far to go, such as 'canary', '2', '25%' or 'rest'", stageOf)
const address = meaningful("a user and a machine, such as 'deploy@10.0.0.1'", addressOf, addressHint)
const shared = text("a path inside the release, such as 'uploads'", inside('(?!\\.?\\/*$)'))
const env = named(variableWord, text('a text', /^[^\0]*$/), "LOG_LEVEL: 'info'")
const vars = z.record(z.string(), z.unknown(), { error: 'an object, such as { workers: 4 }' }).optional()
const groups = list(z.string({ error: "the name of a group, such as 'paris'" }), "'paris'").optional()
const roles = list(text(`a word of ${word.of}`, word.pattern), "'web'").optional()

/** The outermost level, and the records in it; what they hold is parsed one by one. */
export const team = object(
  {
    people: named(word, z.unknown(), 'ada: { … }').optional(),
    hosts: named(hostWord, z.unknown(), 'web1: { … }').optional(),
    groups: named(word, z.unknown(), 'paris: { … }').optional(),
    roles: named(word, z.unknown(), "web: () => [apt('nginx')]").optional(),
    infra: z.unknown().optional(),
    apps: named(word, z.unknown(), 'shop: { … }').optional(),
  },
  'apps: { … }',
)

export const person = object(
  {
    name: text("the name that others see, such as 'Ada Lovelace'", /\S/),
    may: z.enum(['everything', 'look']),
  },
  "name: 'Ada Lovelace', may: 'everything'",
)

/** Tells the two sorts of hosts apart. */
export const hostSort = z.object({ via: z.enum(['ssh', 'local']).optional() }).catchall(z.unknown())

export const localHost = object({ via: z.literal('local'), roles, groups, vars }, "via: 'local'")

export const sshHost = object(
  {
    via: z.literal('ssh').optional(),
    address,
    port: whole(1, 65_535, 22).optional(),
    roles,
    groups,
    vars,
    hostKey: text("a host key, such as 'ssh-ed25519 AAAA…'", publicKey).optional(),
    sudo: z.enum(['free', 'password', 'no']).optional(),
    identityFile: text("the path of a private key, such as '~/.ssh/id_ed25519'", oneLine).optional(),
  },
  "address: 'deploy@10.0.0.1'",
)

const process = short(
  'command',
  object(
    { command, count: whole(1, 100, 2).optional(), schedule: schedule.optional() },
    "command: 'node worker.js'",
  ),
)

const build = short(
  'run',
  object(
    {
      run: command,
      output: text("a folder inside the checkout, such as 'dist'", inside('')).optional(),
      env: env.optional(),
      limit: duration(1000, 6 * hour, 'from 1s to 6h').optional(),
    },
    "run: 'npm ci'",
  ),
)

const health = short(
  'path',
  object(
    {
      path: text("a path that begins with a slash, such as '/health'", /^\/[!-~]*$/),
      status: whole(100, 599, 200).optional(),
      within: duration(1000, hour, 'from 1s to 1h').optional(),
    },
    "path: '/health'",
  ),
)

const limits = object(
  {
    memory: size.optional(),
    tasks: whole(1, 1_000_000, 256).optional(),
    files: whole(1, 10_000_000, 65_536).optional(),
  },
  "memory: '512M'",
)

export const app = object(
  {
    repo: text("a folder, such as '../shop'", oneLine).optional(),
    build: build.optional(),
    run: short('web', named(word, process, "web: 'node server.js'")),
    port: whole(1, 65_535, 3000).optional(),
    front: z.enum(['haproxy', 'none']).optional(),
    health: health.optional(),
    shared: list(shared, "'uploads'").optional(),
    links: list(shared, "'config/local.json'").optional(),
    env: env.optional(),
    secrets: list(
      text("a name of letters, digits and underscores, such as 'DATABASE_URL'", variableWord.pattern),
      "'DATABASE_URL'",
    ).optional(),
    migrate: command.optional(),
    hooks: object(
      { before: command.optional(), after: command.optional() },
      "after: 'sh warm.sh'",
    ).optional(),
    user: text("the name of a system user, such as 'shop'", /^[a-z_][a-z0-9_-]{0,31}$/).optional(),
    keep: whole(2, 100, 5).optional(),
    limits: limits.optional(),
    environments: named(word, z.unknown(), 'production: { … }').optional(),
  },
  "run: 'node server.js'",
)

export const environment = object(
  {
    on: list(z.string({ error: "the name of a host or a role, such as 'web'" }), "'web'"),
    env: env.optional(),
    stages: list(stage, "'canary', 'rest'").optional(),
    watch: duration(0, 24 * hour, 'up to 24h').optional(),
    drain: duration(0, hour, 'up to 1h').optional(),
    warm: duration(0, 7 * 24 * hour, 'up to 7d').optional(),
  },
  "on: ['web']",
)

export const group = object({ vars }, 'vars: { workers: 4 }')

export const recipe = z.custom<typeof recipeMark>((found) => found === recipeMark, {
  error: "a recipe, such as (host) => [apt('nginx')]",
})

const drift = "a time from 1m to 7d with its unit, such as '30m', or 'never'"

export const infra = object(
  {
    stages: list(stage, "'canary', 'rest'").optional(),
    drift: z
      .union([z.literal('never'), duration(60_000, 7 * 24 * hour, 'from 1m to 7d')], { error: drift })
      .optional(),
  },
  "drift: '30m'",
)

export type ParsedTeam = z.output<typeof team>
export type ParsedApp = z.output<typeof app>
export type ParsedEnvironment = z.output<typeof environment>
export type ParsedInfra = z.output<typeof infra>

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

function inside(also: string): RegExp {
  return new RegExp(`^${also}(?!\\/)(?!(?:.*\\/)?\\.\\.(?:\\/|$))[^\\0\\n]+$`)
}
