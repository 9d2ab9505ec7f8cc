/** The shape of `repos` and `ci` in `tandem.ts`. */
import { z } from 'zod'
import { forgeKinds, services } from './repo.ts'
import { command, duration, env, hostWord, hour, inside, size, variableWord } from '../values/vocabulary.ts'
import { list, named, object, short, text, whole } from '../values/wanted.ts'

export const jobWord = {
  of: 'small letters, digits and dashes, at most 24',
  pattern: /^[a-z0-9][a-z0-9-]{0,23}$/,
}
const job = text("the name of a job, such as 'build'", jobWord.pattern)
const secretName = text("the name of a secret, such as 'NPM_TOKEN'", variableWord.pattern)
const file = text("a path inside the checkout, such as 'package-lock.json'", inside(''))
const files = z.preprocess(
  (found) => (typeof found === 'string' ? [found] : found),
  list(file, "'package-lock.json'"),
)
const remote = text("what git pushes to, such as 'git@github.com:team/shop.git'", /^(?!-)(?!ext::)[^\s\0]+$/)
const page = text(
  "the address of a repository, such as 'https://github.com/team/shop'",
  /^https?:\/\/[^\s@]+$/,
)
const value = z.union([z.string().regex(/^[^\0\n,]{1,100}$/), z.number()], {
  error: "a text or a number, such as '24'",
})

/** All that is said of a job beside its command. */
const jobOptions = {
  needs: list(job, "'build'").optional(),
  limit: duration(1000, 24 * hour, 'from 1s to 24h').optional(),
  memory: size.optional(),
  matrix: named(variableWord, list(value, "'22', '24'"), "node: ['22', '24']").optional(),
  services: list(z.enum(services), "'postgres'").optional(),
  cache: z
    .record(file, files, { error: "an object, such as { node_modules: ['package-lock.json'] }" })
    .optional(),
  reports: list(file, "'reports/*.xml'").optional(),
  network: z.boolean({ error: 'true or false' }).optional(),
  retry: z.enum(['once', 'never']).optional(),
  on: text("the name of a host or a role, such as 'builders'", hostWord.pattern).optional(),
  secrets: list(secretName, "'NPM_TOKEN'").optional(),
  env: env.optional(),
  output: file.optional(),
}

/** What stands in the first lines of an executable in the folder `ci`. */
export const jobHeader = object(jobOptions, "limit: '10m'")

export const repo = object(
  {
    protect: list(
      text("a branch, such as 'main' or 'release/*'", /^(?![-/.])[A-Za-z0-9._/-]{1,100}\*?$/),
      "'main'",
    ).optional(),
    largest: size.optional(),
    mirrors: list(remote, "'git@github.com:team/shop.git'").optional(),
    forge: object(
      {
        kind: z.enum(forgeKinds),
        url: page,
        clone: remote.optional(),
        secret: secretName,
        token: secretName.optional(),
        webhook: z.enum(['signature', 'token']).optional(),
      },
      "kind: 'github', url: 'https://github.com/team/shop', secret: 'HOOK_SECRET'",
    ).optional(),
    jobs: named(
      jobWord,
      short('run', object({ run: command, ...jobOptions }, "run: 'npm test'")),
      "test: 'npm test'",
    ).optional(),
  },
  "protect: ['main']",
)

export const ci = object(
  {
    parallel: whole(1, 64, 2).optional(),
    keep: duration(hour, 3650 * 24 * hour, 'from 1h').optional(),
    builders: list(
      text("the name of a host or a role, such as 'builders'", hostWord.pattern),
      "'builders'",
    ).optional(),
    caches: size.optional(),
    logs: size.optional(),
    keepReleases: duration(hour, 3650 * 24 * hour, 'from 1h').optional(),
    releases: size.optional(),
  },
  'parallel: 2',
)

export type ParsedRepo = z.output<typeof repo>
export type ParsedJob = NonNullable<ParsedRepo['jobs']>[string]
export type ParsedCi = z.output<typeof ci>
