/** The shape of `tandem.ts`. */
import { z } from 'zod'
import { appMetrics } from './metrics/schema.ts'
import { recipeMark } from './reading/said.ts'
import { list, named, object, short, text, whole } from './values/wanted.ts'
import {
  address,
  branch,
  command,
  duration,
  env,
  freeze,
  groups,
  hostWord,
  hour,
  inside,
  oneLine,
  publicKey,
  roles,
  schedule,
  shared,
  size,
  stage,
  variableWord,
  vars,
  when,
  word,
  zone,
} from './values/vocabulary.ts'

/** The outermost level, and the records in it; what they hold is parsed one by one. */
export const team = object(
  {
    people: named(word, z.unknown(), 'ada: { … }').optional(),
    hosts: named(hostWord, z.unknown(), 'web1: { … }').optional(),
    groups: named(word, z.unknown(), 'paris: { … }').optional(),
    roles: named(word, z.unknown(), "web: () => [apt('nginx')]").optional(),
    infra: z.unknown().optional(),
    apps: named(word, z.unknown(), 'shop: { … }').optional(),
    repos: named(word, z.unknown(), 'shop: { … }').optional(),
    ci: z.unknown().optional(),
    metrics: z.unknown().optional(),
    url: text(
      "the address of the hub, such as 'https://tandem.example.org'",
      /^https?:\/\/[^\s@?#]+$/,
    ).optional(),
  },
  'apps: { … }',
)

export const person = object(
  {
    name: text("the name that others see, such as 'Ada Lovelace'", /\S/),
    may: z.enum(['everything', 'look']),
    keys: list(
      text("a public key, such as 'ssh-ed25519 AAAA…'", publicKey),
      "'ssh-ed25519 AAAA…'",
    ).optional(),
    forges: named(
      { of: "the address of a forge, such as 'github.com'", pattern: /^[a-z0-9][a-z0-9.-]*(?::\d{1,5})?$/ },
      text("the name they have there, such as 'ada-l'", /^[^\s:]{1,255}$/),
      "'github.com': 'ada-l'",
    ).optional(),
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
    metrics: appMetrics.optional(),
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
    deploy: when.optional(),
    branch: branch.optional(),
    freeze: list(freeze, "'Fri 16:00 - Mon 08:00'").optional(),
    zone: zone.optional(),
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
    repo: text("the name of one of repos, such as 'infra'", word.pattern).optional(),
    apply: when.optional(),
    freeze: list(freeze, "'Fri 16:00 - Mon 08:00'").optional(),
    zone: zone.optional(),
  },
  "drift: '30m'",
)

export type ParsedTeam = z.output<typeof team>
export type ParsedApp = z.output<typeof app>
export type ParsedEnvironment = z.output<typeof environment>
export type ParsedInfra = z.output<typeof infra>
