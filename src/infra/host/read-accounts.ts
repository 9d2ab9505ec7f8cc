import type { Seen, UserSeen } from '../plan/seen.ts'
import type { Told } from './read-probe.ts'

/** Users by name; null: there is none. */
export function readUsers(told: Told, names: readonly string[]): Seen['users'] {
  const lines = byFirstField(told('u'))
  const groups = new Map(told('m').map((line) => [line.split(' : ')[0], groupsIn(line)]))
  const passwords = new Map(
    told('w')
      .map((line) => line.split(' '))
      .map(([name, sum]) => [name, sum ?? null]),
  )
  return new Map(
    names.map((name) => {
      const fields = lines.get(name)
      if (fields === undefined) return [name, null]
      const [primary, ...others] = groups.get(name) ?? []
      return [name, readUser(fields, { group: primary, others, passwordSha256: passwords.get(name) ?? null })]
    }),
  )
}

type Known = Readonly<{ group: string | undefined; others: readonly string[]; passwordSha256: string | null }>

/** A line of passwd: name, password, uid, gid, comment, home, shell. */
function readUser(fields: readonly string[], { group, others, passwordSha256 }: Known): UserSeen {
  const [, , uid = '', gid = '', comment = '', home = '', shell = ''] = fields
  return { uid: Number(uid), group: group ?? gid, home, shell, comment, groups: others, passwordSha256 }
}

/** `deploy : deploy www-data`: the primary group comes first. */
const groupsIn = (line: string): readonly string[] =>
  (line.split(' : ')[1] ?? '').split(' ').filter((name) => name !== '')

/** Groups by name; null: there is none. */
export function readGroups(told: Told, names: readonly string[]): Seen['groups'] {
  const lines = byFirstField(told('g'))
  return new Map(
    names.map((name) => {
      const gid = lines.get(name)?.[2]
      return [name, gid === undefined ? null : { gid: Number(gid) }]
    }),
  )
}

/** Home folders by user; null: there is no such user. */
export function readHomes(told: Told, names: readonly string[]): Seen['homes'] {
  const lines = byFirstField(told('u'))
  return new Map(names.map((name) => [name, lines.get(name)?.[5] ?? null]))
}

function byFirstField(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return new Map(lines.map((line) => line.split(':')).map((fields) => [fields[0] ?? '', fields]))
}
