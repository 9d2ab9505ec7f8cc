import type { PlanLine } from '../../change/plan.ts'
import type { UserThing } from '../things/thing.ts'
import type { Act, UserAfter } from './op.ts'
import { withGroup } from './plan-group.ts'
import { sha256Of } from './plan-file.ts'
import type { UserSeen } from './seen.ts'
import { at, isThere, type State, withHome, withoutTree } from './state.ts'
import { moved, right, type Turn } from './turn.ts'

type Wanted = Extract<UserThing['want'], { type: 'present' }>

/** What is to be done about one user. */
export function planUser({ name, want }: UserThing, state: State): Turn {
  const now = state.seen.users.get(name) ?? null
  if (want.type === 'absent') return now === null ? right : removing(name, now, { state, home: want.home })
  const wanted = [...(want.group === null ? [] : [want.group]), ...(want.groups?.names ?? [])]
  const missing = wanted.find((group) => !isThere(state, 'group', group))
  if (missing !== undefined) {
    return {
      type: 'trouble',
      what: `the group ${missing}, which it shall be in, is not there and no resource makes it`,
      now: `add group('${missing}') before it`,
    }
  }
  return now === null ? making(name, want, state) : altering(name, want, { state, now })
}

function making(name: string, want: Wanted, state: State): Turn {
  const hasOwnGroup = isGroup(state, name)
  const home = want.home ?? `/home/${name}`
  const after: UserAfter = {
    uid: want.uid,
    // useradd refuses to make a group that is there already, and wants it named.
    group: want.group ?? (hasOwnGroup ? name : null),
    home: want.home,
    shell: want.shell,
    comment: want.comment,
    groups: want.groups?.names ?? null,
    system: want.system,
    // One that is there already is somebody's: it stays as it is, and no revert takes it away.
    makeHome: !want.system && !hasHome(state, home),
    setsPassword: want.password !== null,
  }
  const act: Act = { type: 'user', name, before: null, after, removeHome: false }
  const grouped = want.group === null && !hasOwnGroup ? withGroup(state, name, null) : state
  const there: State = { ...grouped, made: new Set([...grouped.made, `user ${name}`]) }
  const next = after.makeHome ? withHome(there, home) : there
  return moved([{ act, mark: '+', lines: newLines(after, home), cannotUndo: null }], next)
}

const hasHome = (state: State, home: string): boolean =>
  !['missing', 'unknown'].includes(at(state, home).type)

const isGroup = (state: State, name: string): boolean =>
  state.made.has(`group ${name}`) || (state.seen.groups.get(name) ?? null) !== null

function newLines(after: UserAfter, home: string): readonly PlanLine[] {
  const says = [
    after.uid === null ? null : `number ${after.uid}`,
    after.group === null ? null : `group ${after.group}`,
    after.groups === null || after.groups.length === 0 ? null : `also in ${after.groups.join(', ')}`,
    after.makeHome ? `home ${home}` : `home ${home}, which is not made`,
    after.shell === null ? null : `shell ${after.shell}`,
    after.comment === null ? null : `comment ${JSON.stringify(after.comment)}`,
    after.setsPassword ? 'password [secret]' : null,
  ]
  return says.flatMap((text): PlanLine[] => (text === null ? [] : [{ mark: '+', text }]))
}

function altering(
  name: string,
  want: Wanted,
  { state, now }: Readonly<{ state: State; now: UserSeen }>,
): Turn {
  const groups = groupsAfter(want, now)
  const setsPassword = want.password !== null && sha256Of(want.password.bytes) !== now.passwordSha256
  const differing = {
    uid: differs(want.uid, now.uid),
    group: differs(want.group, now.group),
    home: differs(want.home, now.home),
    shell: differs(want.shell, now.shell),
    comment: differs(want.comment, now.comment),
    groups,
  }
  if (!setsPassword && Object.values(differing).every((value) => value === null)) return right
  const after: UserAfter = { ...differing, system: want.system, makeHome: false, setsPassword }
  const act: Act = { type: 'user', name, before: now, after, removeHome: false }
  const user: UserSeen = {
    uid: after.uid ?? now.uid,
    group: after.group ?? now.group,
    home: after.home ?? now.home,
    shell: after.shell ?? now.shell,
    comment: after.comment ?? now.comment,
    groups: groups ?? now.groups,
    passwordSha256:
      setsPassword && want.password !== null ? sha256Of(want.password.bytes) : now.passwordSha256,
  }
  const next = { ...state, seen: { ...state.seen, users: new Map(state.seen.users).set(name, user) } }
  const lines = alterLines(now, after)
  return moved([{ act, mark: '~', lines, cannotUndo: passwordUndo(name, now, setsPassword) }], next, {
    notes: alterNotes(now, after),
  })
}

function differs<T>(wanted: T | null, now: T): T | null {
  return wanted === now ? null : wanted
}

/** All other groups that it shall be in; null when it is in them. Their order says nothing. */
function groupsAfter({ groups }: Wanted, now: UserSeen): readonly string[] | null {
  if (groups === null) return null
  const all = groups.only ? groups.names : [...new Set([...now.groups, ...groups.names])]
  const isSame = all.length === now.groups.length && all.every((group) => now.groups.includes(group))
  return isSame ? null : all
}

function alterLines(now: UserSeen, after: UserAfter): readonly PlanLine[] {
  const fields = ['uid', 'group', 'home', 'shell', 'comment'] as const
  const lines: PlanLine[] = fields.flatMap((field) =>
    after[field] === null ? [] : [{ mark: '~', text: `${field} ${now[field]} -> ${after[field]}` } as const],
  )
  for (const group of after.groups ?? [])
    if (!now.groups.includes(group)) lines.push({ mark: '+', text: `in the group ${group}` })
  for (const group of now.groups)
    if (after.groups !== null && !after.groups.includes(group))
      lines.push({ mark: '-', text: `in the group ${group}` })
  if (after.setsPassword) lines.push({ mark: '~', text: 'password [secret]' })
  return lines
}

function alterNotes(now: UserSeen, after: UserAfter): readonly string[] {
  return [
    ...(after.uid === null ? [] : [`files outside its home keep the number ${now.uid} of their owner`]),
    ...(after.home === null ? [] : [`what is in ${now.home} stays there`]),
  ]
}

/** Hashes of passwords are in no plan and no ledger, so none can come back from there. */
function passwordUndo(name: string, now: UserSeen, isSet: boolean): string | null {
  return isSet && now.passwordSha256 !== null
    ? `once the change is finished, the password that ${name} had is known to nobody`
    : null
}

type Leaving = Readonly<{ state: State; home: boolean }>

function removing(name: string, now: UserSeen, { state, home }: Leaving): Turn {
  const act: Act = { type: 'user', name, before: now, after: null, removeHome: home }
  const users = new Map(state.seen.users).set(name, null)
  const gone: State = { ...state, seen: { ...state.seen, users } }
  const text = `the user with the number ${now.uid}${home ? `, and ${now.home} with all that is in it` : ''}`
  const cannotUndo = home ? `what is in ${now.home} does not come back` : passwordUndo(name, now, true)
  const move = { act, mark: '-', lines: [{ mark: '-', text }], cannotUndo } as const
  return moved([move], home ? withoutTree(gone, now.home) : gone)
}
