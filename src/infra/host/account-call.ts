import type { Act, UserAfter } from '../plan/op.ts'
import type { UserSeen } from '../plan/seen.ts'

type UserAct = Extract<Act, { type: 'user' }>
type GroupAct = Extract<Act, { type: 'group' }>

/** The bytes of a user's crypted password travel under this name. */
export const passwordKey = (user: string): string => `password ${user}`

export function accountCall(act: UserAct | GroupAct, bare: (sha256: string) => string): readonly string[] {
  return act.type === 'user' ? userCall(act, bare) : groupCall(act)
}

function userCall(
  { name, before, after, removeHome }: UserAct,
  bare: (name: string) => string,
): readonly string[] {
  const was = before === null ? 'missing' : lineOf(before)
  if (after === null)
    return ['user', name, was, removeHome && before !== null ? before.home : '-', '-', 'userdel', name]
  const home = before === null && after.makeHome ? (after.home ?? `/home/${name}`) : '-'
  const password = after.setsPassword ? bare(passwordKey(name)) : '-'
  const command = before === null ? ['useradd', ...newWords(after)] : ['usermod', ...changedWords(after)]
  return ['user', name, was, home, password, ...command, name]
}

/** As the program builds it from passwd: number, comment, home, shell. */
const lineOf = ({ uid, comment, home, shell }: UserSeen): string => [uid, comment, home, shell].join(':')

function newWords(after: UserAfter): readonly string[] {
  return [
    ...(after.system ? ['--system'] : []),
    after.makeHome ? '--create-home' : '--no-create-home',
    ...option('--shell', after.shell ?? (after.system ? null : '/bin/bash')),
    ...changedWords({ ...after, shell: null }),
  ]
}

function changedWords(after: UserAfter): readonly string[] {
  return [
    ...option('--uid', after.uid),
    ...option('--gid', after.group),
    ...option('--home', after.home),
    ...option('--shell', after.shell),
    ...option('--comment', after.comment),
    ...option('--groups', after.groups?.join(',') ?? null),
  ]
}

const option = (name: string, value: string | number | null): readonly string[] =>
  value === null ? [] : [name, String(value)]

function groupCall({ name, before, after }: GroupAct): readonly string[] {
  const was = before === null ? 'missing' : String(before)
  if (after === null) return ['group', name, was, 'groupdel', name]
  const number = option('--gid', after.gid)
  if (before !== null) return ['group', name, was, 'groupmod', ...number, name]
  return ['group', name, was, 'groupadd', ...(after.system ? ['--system'] : []), ...number, name]
}
