import type { Act, Op, PathState, UserAfter } from './op.ts'
import { standingOf } from './plan-unit.ts'
import type { Seen, UserSeen } from './seen.ts'

/** What takes an operation back, and what of it stays for good. */
export type Inverse = Readonly<{ acts: readonly Act[]; cannotUndo: string | null }>

/** `change` did the operation and kept what it had found; `seen` is what is there now. */
export type InverseWorld = Readonly<{ change: string; seen: Seen }>

/** The acts that take back an operation of a finished change. They need nothing but what the host has kept. */
export function inverseOf(op: Op, world: InverseWorld): Inverse {
  const { act } = op
  switch (act.type) {
    case 'write':
      return done([
        putBack(op, act, {
          ...world,
          after: act.from.type === 'sent' && act.from.isSecret ? any : act.after,
        }),
      ])
    case 'mkdir':
    case 'link':
      return done([putBack(op, act, { ...world, after: act.after })])
    case 'remove':
    case 'restore':
      return done([putBack(op, act, { ...world, after: act.type === 'remove' ? { type: 'missing' } : any })])
    case 'access':
      return done([accessBack(op, act, world.change)])
    case 'packages':
      return packagesBack(op.number, act, world)
    case 'user':
      return userBack(act, world.seen)
    case 'group':
      return groupBack(act, world.seen)
    case 'unit':
      return unitBack(act, world.seen)
    case 'command':
      return commandBack(act, { change: world.change, number: op.number })
    case 'pay':
      return done([])
  }
}

const any: PathState = { type: 'any' }

const done = (acts: readonly Act[]): Inverse => ({ acts, cannotUndo: null })

type PathAct = Extract<Act, { type: 'write' | 'mkdir' | 'link' | 'remove' | 'restore' }>

/** Puts back at a path what was there before. `after`: what must be there now. */
function putBack(
  op: Op,
  act: PathAct,
  { change, after }: InverseWorld & Readonly<{ after: PathState }>,
): Act {
  const { path, before } = act
  const from = { type: 'kept', change, number: op.number } as const
  switch (before.type) {
    case 'missing':
      return act.type === 'restore'
        ? { type: 'restore', path, from, before: after }
        : {
            type: 'remove',
            path,
            before: after,
            all: false,
            ...(act.type === 'mkdir' ? { spare: true } : {}),
          }
    case 'file':
      return { type: 'write', path, from, before: after, after: before, check: null }
    case 'directory':
      return act.type === 'remove' && !act.all
        ? { type: 'mkdir', path, before: after, after: before }
        : { type: 'restore', path, from, before: after }
    case 'link':
      return { type: 'link', path, before: after, after: before }
    case 'any':
      return { type: 'restore', path, from, before: after }
  }
}

function accessBack({ number }: Op, act: Extract<Act, { type: 'access' }>, change: string): Act {
  const { path, before, after } = act
  if (before.type === 'any')
    return { type: 'restore', path, from: { type: 'kept', change, number }, before: after }
  return { type: 'access', path, before: after, after: before }
}

/** What was new is removed, its configuration stays; what was there comes back in the version that it had. */
function packagesBack(
  number: number,
  act: Extract<Act, { type: 'packages' }>,
  { change, seen }: InverseWorld,
): Inverse {
  const names = Object.keys(act.before)
  const now = (name: string) => seen.packages.get(name) ?? null
  const was = (name: string) => act.before[name] ?? null
  const isOther = (name: string): boolean => was(name) !== null && was(name)?.version !== now(name)?.version
  const isChosen = (name: string): boolean =>
    [...act.install.map((one) => one.name), ...act.remove, ...act.purge].includes(name)
  const isHeld = (name: string): boolean => now(name)?.held ?? false
  const back = names.filter((name) => isChosen(name) && isOther(name))
  const packages: Act = {
    type: 'packages',
    install: back.map((name) => ({ name, version: was(name)?.version ?? null })),
    remove: names.filter((name) => was(name) === null && now(name) !== null),
    purge: [],
    hold: names.filter((name) => was(name)?.held === true && (!isHeld(name) || back.includes(name))),
    unhold: names.filter((name) => isHeld(name) && (was(name)?.held !== true || back.includes(name))),
    before: Object.fromEntries(names.map((name) => [name, now(name)])),
    ...(act.install.length === 0 ? {} : { cameWith: { change, number } }),
  }
  const isEmpty = [packages.install, packages.remove, packages.hold, packages.unhold].every(
    ({ length }) => length === 0,
  )
  const cannotUndo =
    act.purge.length === 0
      ? null
      : `the configuration of ${act.purge.join(', ')} that was purged does not come back`
  return { acts: isEmpty ? [] : [packages], cannotUndo }
}

function userBack(act: Extract<Act, { type: 'user' }>, { users, groups }: Seen): Inverse {
  const { name, before, after } = act
  const now = users.get(name) ?? null
  if (before === null) {
    if (now === null) return done([])
    return done([{ type: 'user', name, before: now, after: null, removeHome: after?.makeHome ?? false }])
  }
  const isPasswordLost = before.passwordSha256 !== null && (after === null || after.setsPassword)
  const cannotUndo = isPasswordLost ? `the password that ${name} had is known to nobody` : null
  const group = before.group === name && (groups.get(name) ?? null) === null ? null : before.group
  const restored =
    after === null ? { ...wholeUser(before, act.removeHome), group } : alteredBack(before, after)
  return { acts: [{ type: 'user', name, before: now, after: restored, removeHome: false }], cannotUndo }
}

function wholeUser(
  { uid, home, shell, comment, groups }: UserSeen,
  makeHome: boolean,
): Omit<UserAfter, 'group'> {
  return { uid, home, shell, comment, groups, system: uid < 1000, makeHome, setsPassword: false }
}

function alteredBack(before: UserSeen, after: UserAfter): UserAfter {
  return {
    uid: after.uid === null ? null : before.uid,
    group: after.group === null ? null : before.group,
    home: after.home === null ? null : before.home,
    shell: after.shell === null ? null : before.shell,
    comment: after.comment === null ? null : before.comment,
    groups: after.groups === null ? null : before.groups,
    system: after.system,
    makeHome: false,
    setsPassword: false,
  }
}

function groupBack({ name, before, after }: Extract<Act, { type: 'group' }>, { groups }: Seen): Inverse {
  const now = groups.get(name)?.gid ?? null
  if (before === null && now === null) return done([])
  const system = after?.system ?? (before !== null && before < 1000)
  const restored = before === null ? null : { gid: before, system }
  return done([{ type: 'group', name, before: now, after: restored }])
}

/** A unit that a package of the change had brought goes with its package. */
function unitBack(act: Extract<Act, { type: 'unit' }>, { units }: Seen): Inverse {
  const { unit, before } = act
  if (before === null) return done([])
  const now = units.get(unit)
  const back = (wanted: boolean | null, was: boolean): boolean | null => (wanted === null ? null : was)
  return done([
    {
      type: 'unit',
      unit,
      enabled: back(act.enabled, before.enabled),
      running: back(act.running, before.running),
      masked: back(act.masked, before.masked),
      before: now === undefined ? null : standingOf(now),
    },
  ])
}

type CommandAct = Extract<Act, { type: 'command' }>

function commandBack({ name, run, undo, kept }: CommandAct, own: NonNullable<CommandAct['kept']>): Inverse {
  if (undo === null) return { acts: [], cannotUndo: `what ${name} did is not taken back: it has no \`undo\`` }
  return done([{ type: 'command', name, check: null, run: undo, undo: run, kept: kept ?? own }])
}
