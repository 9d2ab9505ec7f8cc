/**
 * The words that the options of resources are made of. As in `config/wanted.ts`, a message is the noun that is wanted,
 * with an example after `such as`: whoever reads the options makes the sentence around it.
 */
import { z } from 'zod'
import { list, object, text, whole } from '../../config/wanted.ts'
import type { Access } from '../things/thing.ts'

/** Another resource, as it comes out of a recipe. */
const reference = z
  .strictObject({ resource: z.number() }, { error: "a resource, such as apt('nginx')" })
  .transform(({ resource }) => resource)

/** One resource or a list of them, as numbers. */
export const references = z.union([reference.transform((one) => [one]), z.array(reference)], {
  error: "a resource or a list of them, such as apt('nginx')",
})

/** The options of a resource: these, and what all resources have. */
export const options = <T extends z.ZodRawShape>(shape: T, example: string) =>
  object({ ...shape, after: references.optional() }, example)

/** A part of a path, not `.` and not `..`. */
const part = '(?!\\.\\.?(?:/|$))[^/\\p{Cc}\\p{Co}]{1,255}'
const pathPattern = (begin: string) => new RegExp(`^${begin}(?=[^]{1,4000}$)${part}(?:/+${part})*/*$`, 'u')

/** A path without doubled slashes and without one at its end; a leading `~user` stays. */
export const absolutePath = text("an absolute path, such as '/etc/motd'", pathPattern('/+')).transform(tidied)

/** The same, or in the home folder of a user: `~deploy/.profile`. */
export const path = text(
  "an absolute path, such as '/etc/motd' or '~deploy/.profile'",
  pathPattern('(?:/+|~[a-zA-Z_][a-zA-Z0-9_.-]{0,31}/+)'),
).transform(tidied)

/** A path inside the folder of `tandem.ts`, as the recipes say it. */
export const source = text(
  "a path beside the recipe, such as 'files/motd'",
  new RegExp(`^(?!/)[^\\p{Cc}\\p{Co}]{1,4000}$`, 'u'),
)

export const content = text("a text, such as 'hello\\n'", /^[^\0]*$/)

/** One line without its end. */
export const oneLine = text("one line of text, such as 'DenyUsers guest'", /^[^\0\n\r]+$/)

export const yes = z.boolean({ error: 'true or false, such as true' })

/** What useradd of Debian takes. */
export const accountName = text("the name of a user, such as 'deploy'", /^[a-z_][a-z0-9_-]{0,31}$/)
export const groupName = text("the name of a group, such as 'www-data'", /^[a-z_][a-z0-9_-]{0,31}$/)

const ownership = (wanted: string) =>
  z
    .union(
      [z.int().min(0).max(4_294_967_294), z.string().regex(/^(?:[a-zA-Z_][a-zA-Z0-9_.-]{0,31}|\d{1,10})$/)],
      {
        error: wanted,
      },
    )
    .transform(String)

/** Who a path belongs to: a name or a number. */
export const owner = ownership("the name of a user, such as 'www-data'")
export const group = ownership("the name of a group, such as 'www-data'")

/** A number of a user or a group. */
export const accountNumber = whole(0, 4_294_967_294, 1500)

/** `'0644'` or `0o644`. A decimal number that reads like a mode is a slip: 644 is 0o1204. */
export const mode = z.unknown().transform((found, context) => {
  const meant = typeof found === 'string' ? written(found) : typeof found === 'number' ? counted(found) : null
  if (meant !== null) return meant
  const isSlip = typeof found === 'number' && readsLikeMode(found)
  const now = isSlip ? `write '0${found}'` : "write it in quotes, '0644'"
  context.addIssue({ code: 'custom', message: "a mode, such as '0644'", params: { now } })
  return z.NEVER
})

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
export const check = z.union(
  [
    z.literal(false),
    z
      .string()
      .regex(/^[\w./:=@,%+-]+(?: [\w./:=@,%+-]+)*$/)
      .transform((line) => line.split(' '))
      .refine(namesFile),
    z.array(z.string().regex(/^[^\0]+$/)).refine(namesFile),
  ],
  { error: "a command with % for the new file, such as 'visudo -cf %'" },
)

/** One of them or a list, as a list. */
export const oneOrMore = <T>(one: z.ZodType<T>, example: string) =>
  z
    .unknown()
    .transform((found) => (Array.isArray(found) ? found : [found]))
    .pipe(list(one, example).min(1, { error: `a list of at least one, such as [${example}]` }))

function tidied(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')
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
  const [, user = 0, group = 0, others = 0] =
    /^[0-7]?([4-7])([0-7])([0-7])$/.exec(String(mode))?.map(Number) ?? []
  return user !== 0 && (group & ~user) === 0 && (others & ~group) === 0
}
