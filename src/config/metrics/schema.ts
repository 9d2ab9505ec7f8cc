/** The shape of `metrics` in `tandem.ts`, and of what an app says of its own. */
import { z } from 'zod'
import { graphPages } from './graph-pages-schema.ts'
import { keep } from './keep-schema.ts'
import { remote } from './remote-schema.ts'
import { duration, hostWord, inside, size, variableWord } from '../values/vocabulary.ts'
import { graphite, statsd } from './wires-schema.ts'
import { list, meaningful, named, object, short, text, whole } from '../values/wanted.ts'

const minute = 60_000
const path = text("a path that begins with a slash, such as '/metrics'", /^\/[!-~]*$/)
const yes = z.boolean({ error: 'true or false' })
const ruleFile = text("a path in the folder of tandem.ts, such as 'rules/*.yml'", inside(''))
const secretName = text("the name of a secret, such as 'DB_TOKEN'", variableWord.pattern)
const jobWord = { of: 'letters, digits, dots, dashes and underscores', pattern: /^[A-Za-z0-9][\w.-]{0,62}$/ }
const labelWord = {
  of: 'letters, digits and underscores, with no two of them in front',
  pattern: /^(?!__)[A-Za-z_][A-Za-z0-9_]*$/,
}

/** What is said for all in `scrape`, and of a target for itself. */
const pace = {
  interval: duration(1000, 60 * minute, 'from 1s to 1h').optional(),
  timeout: duration(100, 10 * minute, 'from 100ms to 10m').optional(),
  bodyLimit: size.optional(),
  sampleLimit: whole(1, 10_000_000, 50_000).optional(),
}

const url = meaningful("an address, such as '10.0.0.5:9187' or 'https://db.example.org/metrics'", urlOf)
const urls = z.preprocess(
  (found) => (typeof found === 'string' ? [found] : found),
  list(url, "'10.0.0.5:9187'"),
)

const bearer = object({ bearer: secretName }, "bearer: 'DB_TOKEN'")
const basic = object(
  { user: text("a user, such as 'prometheus'", /^[^:\0\n]+$/), password: secretName },
  "user: 'prometheus', password: 'DB_PASSWORD'",
)

export const target = short(
  'url',
  object(
    {
      url: urls.optional(),
      on: list(text("the name of a host or a role, such as 'db'", hostWord.pattern), "'db'").optional(),
      port: whole(1, 65_535, 9187).optional(),
      path: path.optional(),
      labels: named(labelWord, text('a text', /^[^\0]*$/), "team: 'shop'").optional(),
      honorLabels: yes.optional(),
      honorTimestamps: yes.optional(),
      auth: z
        .union([bearer, basic], {
          error:
            "how to be let in, such as { bearer: 'DB_TOKEN' } or { user: 'prometheus', password: 'DB_PASSWORD' }",
        })
        .optional(),
      ...pace,
    },
    "url: '10.0.0.5:9187'",
  ),
)

export const scrape = object(
  { ...pace, hosts: yes.optional(), targets: named(jobWord, target, "postgres: '10.0.0.5:9187'").optional() },
  "interval: '15s'",
)

export const metrics = object(
  {
    scrape: scrape.optional(),
    keep: keep.optional(),
    statsd: statsd.optional(),
    graphite: graphite.optional(),
    pages: graphPages.optional(),
    rules: list(ruleFile, "'rules/*.yml'").optional(),
    remote: remote.optional(),
  },
  "scrape: { interval: '15s' }",
)

export const appMetrics = short(
  'path',
  object({ path, port: whole(1, 65_535, 9394).optional() }, "path: '/metrics'"),
)

export type ParsedMetrics = z.output<typeof metrics>
export type ParsedScrape = z.output<typeof scrape>
export type ParsedTarget = z.output<typeof target>

/** `10.0.0.5:9187` is `http://10.0.0.5:9187/metrics`. Who opens it is said in `auth`, where nobody reads it. */
function urlOf(written: string): string | null {
  const hasScheme = /^\w+:\/\//.test(written)
  if (hasScheme && !/^https?:/.test(written)) return null
  const whole = hasScheme ? written : `http://${written}`
  const read = URL.parse(whole)
  if (read === null || read.username !== '' || read.password !== '' || read.hash !== '') return null
  if (!/^[\w.-]+$|^\[[0-9a-f:.]+\]$/.test(read.hostname)) return null
  if (read.pathname === '/' && !/^[^/]*\/\/[^/]*\//.test(whole)) read.pathname = '/metrics'
  return read.href
}
