import type { PlanLine } from '../../change/plan.ts'
import type { PackageThing } from '../things/thing.ts'
import type { Act } from './op.ts'
import type { PackageSeen } from './seen.ts'
import type { Spot, State } from './state.ts'
import { type Move, moved, right, type Turn } from './turn.ts'

type Packages = Extract<Act, { type: 'packages' }>

const nothing: Omit<Packages, 'before'> = {
  type: 'packages',
  install: [],
  remove: [],
  purge: [],
  hold: [],
  unhold: [],
}

/** What is to be done about one package: a transaction of its own, which others may join. */
export function planPackage(thing: PackageThing, state: State, spot: Spot): Turn {
  const { name } = thing
  const now = state.seen.packages.get(name) ?? null
  const before = { [name]: now }
  const change = thing.want.type === 'installed' ? installing(thing, now, state) : removing(thing, now)
  if (change === null) return right
  const isBringing = change.install.length + change.remove.length + change.purge.length > 0
  const after: State = {
    ...state,
    seen: { ...state.seen, packages: new Map(state.seen.packages).set(name, change.after) },
    bringers: isBringing
      ? [...state.bringers, { number: spot.number, type: 'package', name }]
      : state.bringers,
  }
  const { install, remove, purge, hold, unhold, mark, lines, cannotUndo } = change
  const act: Packages = { type: 'packages', install, remove, purge, hold, unhold, before }
  return moved([{ act, mark, lines, cannotUndo }], after)
}

type Change = Omit<Packages, 'type' | 'before'> & Omit<Move, 'act'> & Readonly<{ after: PackageSeen | null }>

function installing(thing: PackageThing, now: PackageSeen | null, state: State): Change | null {
  const { name, want } = thing
  const wanted = want.type === 'installed' ? want.version : null
  const isThere = now !== null && (wanted === null || wanted === now.version)
  const wasHeld = now?.held ?? false
  const isHeld = thing.hold ?? wasHeld
  if (isThere && isHeld === wasHeld) return null
  const version = wanted ?? now?.version ?? state.seen.candidates?.get(name) ?? null
  const lines: PlanLine[] = []
  if (!isThere) lines.push(...installLines(name, now, version))
  if (isHeld !== wasHeld)
    lines.push({ mark: '~', text: `${name} is ${isHeld ? 'held at its version' : 'no longer held'}` })
  const { type: _, ...none } = nothing
  return {
    ...none,
    install: isThere ? [] : [{ name, version: wanted }],
    // What is held is not upgraded either: a new version frees it for the while.
    hold: isHeld && (!wasHeld || !isThere) ? [name] : [],
    unhold: wasHeld && (!isHeld || !isThere) ? [name] : [],
    mark: now === null ? '+' : '~',
    lines,
    cannotUndo: null,
    after: { version: version ?? 'newest', held: isHeld, arch: now?.arch ?? '' },
  }
}

function installLines(name: string, now: PackageSeen | null, version: string | null): readonly PlanLine[] {
  if (now === null)
    return [{ mark: '+', text: `${name} ${version ?? '(the newest that apt knows by then)'}` }]
  return [{ mark: '~', text: `${name} ${now.version} -> ${version ?? 'the newest'}` }]
}

function removing(thing: PackageThing, now: PackageSeen | null): Change | null {
  if (now === null) return null
  const { name, want } = thing
  const isPurged = want.type === 'absent' && want.purge
  const { type: _, ...none } = nothing
  return {
    ...none,
    remove: isPurged ? [] : [name],
    purge: isPurged ? [name] : [],
    unhold: now.held ? [name] : [],
    mark: '-',
    lines: [{ mark: '-', text: `${name} ${now.version}${isPurged ? ', with its configuration' : ''}` }],
    cannotUndo: isPurged ? `the configuration of ${name} is gone; an undo installs it anew` : null,
    after: null,
  }
}

/** Two transactions as one. */
export function joinPackages(one: Packages, other: Packages): Packages {
  return {
    type: 'packages',
    install: [...one.install, ...other.install],
    remove: [...one.remove, ...other.remove],
    purge: [...one.purge, ...other.purge],
    hold: [...one.hold, ...other.hold],
    unhold: [...one.unhold, ...other.unhold],
    before: { ...one.before, ...other.before },
  }
}
