import type { Context } from 'hono'
import { z } from 'zod'
import type { Json } from '../change/json.ts'
import { RefusedError } from './refused.ts'

/** The largest body that is read: a wish is names and digests, never content. A plan that was kept may name thousands. */
export const bodyLimitBytes = 1024 * 1024

const wishDepthLimit = 128

const line = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .regex(/^[^\p{Cc}]*$/u, 'must be one line of text')

const name = line(200).min(1)
const why = line(500)

const isShallowJson = (value: unknown, depth = 0): boolean =>
  value !== undefined &&
  depth <= wishDepthLimit &&
  (typeof value !== 'object' ||
    value === null ||
    Object.values(value).every((inner) => isShallowJson(inner, depth + 1)))

export const changeId = z.string().regex(/^c[1-9]\d{0,14}$/, 'must be the id of a change, like c12')

const wish = z.custom<Json>(
  (value) => isShallowJson(value),
  `must be JSON, at most ${wishDepthLimit} levels deep`,
)

export const bodies = {
  session: z.strictObject({ token: z.string().min(1).max(500) }),
  order: z.strictObject({ kind: name, wish, why }),
  hosts: z.strictObject({ on: z.array(name).max(500) }),
  revert: z.strictObject({ change: changeId.nullable(), target: name.nullable(), why }),
  run: z.strictObject({ repo: name, ref: name }),
  overrule: z.strictObject({ why: why.min(1) }),
  hold: z.strictObject({
    target: name,
    why: why.min(1),
    until: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable(),
  }),
  places: z.strictObject({
    repo: name,
    ref: z.string().max(300).nullable(),
    flags: z.array(name).min(1).max(20_000),
  }),
  reach: z.strictObject({ environment: name, flag: wish }),
  explain: z.strictObject({ environment: name, context: z.record(z.string(), z.unknown()) }),
  schedule: z.strictObject({ wish, due: z.int().min(0).max(Number.MAX_SAFE_INTEGER), why }),
  flagKey: z.strictObject({ environment: name, kind: z.enum(['server', 'browser']), label: name }),
  metricKey: z.strictObject({ name }),
  deletion: z.strictObject({
    selector: line(10_000).min(1),
    from: z.int().min(0).nullable(),
    to: z.int().min(0).nullable(),
  }),
  token: z.strictObject({ person: name, label: name, days: z.int().min(1).max(3650).nullable() }),
}

const count = (otherwise: number, most: number) => z.coerce.number().int().min(1).max(most).default(otherwise)
const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

const runId = z.string().regex(/^r[1-9]\d{0,14}$/, 'must be the id of a run, like r12')
const hash = z.string().regex(/^[0-9a-f]{40,64}$/, 'must be the whole hash of a commit')
// A path is as it is: also with a line break, or with blanks at its end.
const place = z.strictObject({ ref: z.string().max(300).optional(), path: z.string().max(4_096).default('') })

export const queries = {
  runs: z.strictObject({
    repo: name.optional(),
    commit: name.optional(),
    ref: name.optional(),
    before: runId.optional(),
    limit: count(50, 200),
  }),
  runLog: z.strictObject({
    job: name,
    attempt: z.coerce.number().int().min(1).max(2).optional(),
    from: seq.default(0),
  }),
  changes: z.strictObject({
    target: name.optional(),
    before: changeId.optional(),
    limit: count(50, 200),
  }),
  log: z.strictObject({ after: seq.default(0), limit: count(1_000, 5_000) }),
  events: z.strictObject({ after: seq.optional() }),
  flags: z.strictObject({ environment: name.optional() }),
  place,
  commits: place.extend({ after: hash.optional(), limit: count(50, 200) }),
  asides: z.strictObject({ before: seq.optional(), limit: count(50, 200) }),
  tests: z.strictObject({ sort: z.enum(['slow', 'flaky', 'failing']).default('failing') }),
  release: z.strictObject({ why: why.default('') }),
  deletions: z.strictObject({ limit: count(50, 200) }),
  top: z.strictObject({ limit: count(15, 100) }),
}

/** The body of this request as the schema has it. Refuses other media types: a form on a foreign page cannot send JSON. */
export async function bodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw new RefusedError(400, {
      what: `the body is ${type === '' ? 'of no type' : type}, not JSON`,
      where: placeOf(c),
      now: 'send JSON with the header `content-type: application/json`',
    })
  }
  return parsed(c, schema, await jsonOf(c))
}

/** The same of senders who say no type, or another one: only for routes that are asked by programs with a token. */
export async function anyBodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  return parsed(c, schema, await jsonOf(c))
}

/** The query of this request as the schema has it. */
export function queryOf<T>(c: Context, schema: z.ZodType<T>): T {
  return parsed(c, schema, c.req.query())
}

async function jsonOf(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    const trouble = { what: 'the body is not JSON', where: placeOf(c), now: `mend it: ${cause.message}` }
    throw new RefusedError(400, trouble, { cause })
  }
}

function parsed<T>(c: Context, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const complaints = result.error.issues.map(
    (issue) => `${issue.path.length === 0 ? 'it' : issue.path.join('.')}: ${lowered(issue.message)}`,
  )
  throw new RefusedError(400, {
    what: `cannot use this request: ${complaints[0] ?? 'it is not what is expected'}`,
    where: placeOf(c),
    now: 'mend what is named; if `tandem` itself sent it, install the same `tandem version` on both sides',
    ...(complaints.length > 1 ? { tail: complaints.slice(1, 20) } : {}),
  })
}

const lowered = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1)

export const placeOf = (c: Context): string => `${c.req.method} ${c.req.path}`
