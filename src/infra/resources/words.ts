/**
 * The words that the options of resources are made of. As in `config/values/wanted.ts`, a message is the noun that is wanted,
 * with an example after `such as`: whoever reads the options makes the sentence around it.
 */
import { z } from 'zod'
import { list, object, text, whole } from '../../config/values/wanted.ts'
import type { Access } from '../things/thing.ts'

/** What people may write in several ways: `meaning` says what it means, or `null`; `hint` what to do then. */
export const understood = <T>(
  wanted: string,
  meaning: (found: unknown) => T | null,
  hint?: (found: unknown) => string | null,
) =>
  z.unknown().transform((found, context) => {
    const meant = meaning(found)
    if (meant !== null) return meant
    const now = hint?.(found) ?? null
    context.addIssue({ code: 'custom', message: wanted, ...(now !== null && { params: { now } }) })
    return z.NEVER
  })

/** Another resource, as it comes out of a recipe. */
const reference = z.strictObject({ resource: z.number() })

/** One resource or a list of them, as numbers. */
export const references = understood("a resource or a list of them, such as apt('nginx')", (found) => {
  const parsed = z.array(reference).safeParse(Array.isArray(found) ? found : [found])
  return parsed.success ? parsed.data.map(({ resource }) => resource) : null
})

/** The options of a resource: these, and what all resources have. */
export const options = <T extends z.ZodRawShape>(shape: T, example: string) =>
  object({ ...shape, after: references.optional() }, example)

/** A part of a path, not `.` and not `..`. */
const part = '(?!\\.\\.?(?:/|$))[^/\\p{Cc}\\p{Co}]{1,255}'
const pathPattern = (begin: string) => new RegExp(`^${begin}(?=[^]{1,4000}$)${part}(?:/+${part})*/*$`, 'u')

const pathWord = (wanted: string, pattern: RegExp) =>
  understood(
    wanted,
    (found) => (typeof found === 'string' && pattern.test(found) ? tidied(found) : null),
    pathHint,
  )

/** A path without doubled slashes and without one at its end. */
export const absolutePathLike = (example: string) =>
  pathWord(`an absolute path, such as '${example}'`, pathPattern('/+'))
export const absolutePath = absolutePathLike('/etc/motd')

/** The same, or in the home folder of a user: `~deploy/.profile`. */
export const path = pathWord(
  "an absolute path, such as '/etc/motd' or '~deploy/.profile'",
  pathPattern('(?:/+|~[a-zA-Z_][a-zA-Z0-9_.-]{0,31}/+)'),
)

/** A path inside the folder of `tandem.ts`, as the recipes say it. */
export const source = text(
  "a path beside the recipe, such as 'files/motd'",
  new RegExp(`^(?!/)[^\\p{Cc}\\p{Co}]{1,4000}$`, 'u'),
)

export const content = text("a text, such as 'hello\\n'", /^[^\0]*$/)

/** One line without its end. */
export const oneLine = text("one line of text, such as 'DenyUsers guest'", /^[^\0\n\r]+$/)

export const yes = z.boolean({ error: 'true or false, such as true' })

/** The kernel uses the one after it for nobody. */
const mostId = 4_294_967_294

/** What useradd of Debian takes. */
export const accountName = text("the name of a user, such as 'deploy'", /^[a-z_][a-z0-9_-]{0,31}$/)
export const groupName = text("the name of a group, such as 'www-data'", /^[a-z_][a-z0-9_-]{0,31}$/)

const ownership = (wanted: string) =>
  understood(wanted, (found) => {
    const isNumber = Number.isInteger(found) && Number(found) >= 0 && Number(found) <= mostId
    const isName = typeof found === 'string' && /^(?:[a-zA-Z_][a-zA-Z0-9_.-]{0,31}|\d{1,10})$/.test(found)
    return isNumber || isName ? String(found) : null
  })

/** Who a path belongs to: a name or a number. */
export const owner = ownership("the name of a user, such as 'www-data'")
export const group = ownership("the name of a group, such as 'www-data'")

/** A number of a user or a group. */
export const accountNumber = whole(0, mostId, 1500)

/** `'0644'` or `0o644`. A decimal number that reads like a mode is a slip: 644 is 0o1204. */
export const mode = understood(
  "a mode, such as '0644'",
  (found) => (typeof found === 'string' ? written(found) : typeof found === 'number' ? counted(found) : null),
  (found) =>
    typeof found === 'number' && readsLikeMode(found) ? `write '0${found}'` : "write it in quotes, '0644'",
)

/** Mode, owner and group, for all that lies at a path. */
export const access = { mode: mode.optional(), owner: owner.optional(), group: group.optional() }

type Accessed = Readonly<{
  mode?: number | undefined
  owner?: string | undefined
  group?: string | undefined
}>

export function accessOf({ mode, owner, group }: Accessed): Access {
  return { mode: mode ?? null, owner: owner ?? null, group: group ?? null }
}

/** A program that must accept the new bytes: `%` stands for the file. As a text it is split at its spaces. */
export const check = understood("a command with % for the new file, such as 'visudo -cf %'", (found) => {
  if (found === false) return found
  const isPlain = typeof found === 'string' && /^[\w./:=@,%+-]+(?: [\w./:=@,%+-]+)*$/.test(found)
  const argv = z.array(z.string().regex(/^[^\0]+$/)).safeParse(isPlain ? found.split(' ') : found)
  return argv.success && namesFile(argv.data) ? argv.data : null
})

/** One of them or a list, as a list. A mistake in one that stands alone is told without a place in a list. */
export const oneOrMore = <T>(one: z.ZodType<T>, example: string) => {
  const several = list(one, example).min(1, { error: `a list of at least one, such as [${example}]` })
  return z.unknown().transform((found, context): T[] => {
    const parsed = Array.isArray(found)
      ? several.safeParse(found)
      : one.transform((it) => [it]).safeParse(found)
    if (parsed.success) return parsed.data
    // What zod has made of a mistake is what it takes as one; its types do not say so.
    for (const issue of parsed.error.issues)
      context.issues.push({ ...issue, input: found } as z.core.$ZodRawIssue)
    return z.NEVER
  })
}

function tidied(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')
}

function pathHint(found: unknown): string | null {
  if (typeof found !== 'string') return null
  if (/^~\/./.test(found)) return `say whose: '~deploy${found.slice(1)}'`
  if (/(?:^|\/)\.\.?(?:\/|$)/.test(found)) return 'write it out, without . and ..'
  return /^[\w.-]+\//.test(found) ? `write '/${found}'` : null
}

function namesFile(argv: readonly string[]): boolean {
  return argv.length > 1 && argv[0] !== '%' && argv.includes('%')
}

function written(mode: string): number | null {
  return /^0?[0-7]{3,4}$/.test(mode) ? parseInt(mode, 8) : null
}

function counted(mode: number): number | null {
  return Number.isInteger(mode) && mode >= 0 && mode <= 0o7777 && !readsLikeMode(mode) ? mode : null
}

/** Whether its decimal digits are what somebody would write who forgot the `0o`: nobody may do more than the owner. */
function readsLikeMode(mode: number): boolean {
  // 0o777 is 511: somebody meant that.
  if (mode === 0o777) return false
  const [, user = 0, group = 0, others = 0] =
    /^[0-7]?([4-7])([0-7])([0-7])$/.exec(String(mode))?.map(Number) ?? []
  return user !== 0 && (group & ~user) === 0 && (others & ~group) === 0
}
