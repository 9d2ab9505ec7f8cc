import type { PlanLine } from '../../change/plan.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { Lowered } from '../recipe/resource.ts'
import type { Thing } from '../things/thing.ts'
import type { Item } from './gather.ts'
import { planCommand } from './plan-command.ts'
import { planGroup } from './plan-group.ts'
import { joinPackages, planPackage } from './plan-package.ts'
import { planPath } from './plan-path.ts'
import { planUnit } from './plan-unit.ts'
import { planUser } from './plan-user.ts'
import type { Seen } from './seen.ts'
import type { Draft } from './settle.ts'
import { absolute, type State, stateOf, withPath } from './state.ts'
import type { Turn } from './turn.ts'
import { madeBy, usesOf } from './uses.ts'

/** What all things of a host come to, one after the other, each over what the ones before it leave. */
export type Fold = Readonly<{
  state: State
  drafts: readonly Draft[]
  bytes: ReadonlyMap<string, Uint8Array>
  /** By number of the resource. */
  tales: ReadonlyMap<number, Tale>
  /** By number of the resource; `lowered` holds what is left of its things. */
  deferred: ReadonlyMap<number, Readonly<{ lowered: Lowered; why: string }>>
  troubles: readonly Trouble[]
}>

/** What people read of one resource. */
export type Tale = Readonly<{
  marks: readonly PlanLine['mark'][]
  lines: readonly PlanLine[]
  notes: readonly string[]
  unknown: string | null
  cannotUndo: string | null
  acts: readonly unknown[]
  differing: readonly string[]
}>

const noTale: Tale = {
  marks: [],
  lines: [],
  notes: [],
  unknown: null,
  cannotUndo: null,
  acts: [],
  differing: [],
}

export function foldItems(items: readonly Item[], seen: Seen, keyed: (sha256: string) => string): Fold {
  let fold: Fold = {
    state: stateOf(seen),
    drafts: [],
    bytes: new Map(),
    tales: new Map(),
    deferred: new Map(),
    troubles: [],
  }
  for (const item of items) fold = foldItem(fold, item, keyed)
  return fold
}

function foldItem(fold: Fold, item: Item, keyed: (sha256: string) => string): Fold {
  const first = awaitedBy(fold, item)
  if (first !== null) return defer(fold, item, `it comes after ${first.resource.id}`)
  const turn = turnOf(fold, item, keyed)
  switch (turn.type) {
    case 'right':
      return tell(fold, item, { notes: turn.notes })
    case 'later':
      return defer(fold, item, turn.why)
    case 'trouble':
      return withTrouble(fold, item, turn)
    case 'moves':
      return act(fold, item, turn)
  }
}

/** What of that which waits must be done before a thing: the recipe says so, or the thing needs it. */
function awaitedBy({ deferred }: Fold, { thing, spot }: Item): Lowered | null {
  if (deferred.size === 0) return null
  const uses = new Set(usesOf(thing))
  const found = [...deferred.values()].find(
    ({ lowered }) =>
      spot.comesAfter.has(lowered.resource.number) || lowered.things.some((one) => uses.has(madeBy(one))),
  )
  return found?.lowered ?? null
}

function turnOf({ state, tales }: Fold, { thing, spot }: Item, keyed: (sha256: string) => string): Turn {
  switch (thing.type) {
    case 'path':
      return planPath(thing, state, { spot, keyed })
    case 'package':
      return planPackage(thing, state, spot)
    case 'user':
      return planUser(thing, state)
    case 'group':
      return planGroup(thing, state)
    case 'unit':
      return planUnit(thing, state)
    case 'command': {
      const isStirred = [...spot.comesAfter].some((number) => (tales.get(number)?.acts.length ?? 0) > 0)
      return planCommand(thing, state, { spot, isStirred })
    }
  }
}

function act(fold: Fold, item: Item, turn: Extract<Turn, { type: 'moves' }>): Fold {
  const { resource, thing } = item
  const drafts = turn.moves.map(({ act: one, cannotUndo }, index): Draft => ({
    resource: resource.id,
    at: placeText(item),
    key: thing.key,
    act: one,
    // What makes room for the last move owes nothing yet.
    owes: index === turn.moves.length - 1 ? thing.owes : [],
    lockout: thing.lockout,
    cannotUndo,
  }))
  const next: Fold = {
    ...fold,
    state: turn.after,
    drafts: drafts.reduce(addDraft, fold.drafts),
    bytes: new Map([...fold.bytes, ...turn.sent.map(({ sha256, bytes }) => [sha256, bytes] as const)]),
  }
  return tell(next, item, {
    marks: turn.moves.map(({ mark }) => mark),
    lines: [...headingOf(item), ...turn.moves.flatMap(({ lines }) => lines)],
    notes: turn.notes,
    unknown: turn.unknown,
    cannotUndo: turn.moves.find(({ cannotUndo }) => cannotUndo !== null)?.cannotUndo ?? null,
    acts: turn.moves.map(({ act: one }) => one),
    differing: isCertain(fold, thing) ? [thing.key] : [],
  })
}

/** Some resources are made of several files, or of one whose path they do not say: each is told beneath its path. */
function headingOf({ resource, thing }: Item): readonly PlanLine[] {
  return thing.type !== 'path' || resource.id.includes(thing.path) ? [] : [{ mark: ' ', text: thing.path }]
}

/** A command that is done each time, or whose check has not failed, is no sign that a host has drifted. */
function isCertain({ state }: Fold, thing: Thing): boolean {
  if (thing.type !== 'command') return true
  return thing.check !== null && (state.seen.checks.get(thing.key) ?? 0) !== 0
}

/** Packages that follow each other are one transaction. */
function addDraft(drafts: readonly Draft[], draft: Draft): readonly Draft[] {
  const last = drafts.at(-1)
  if (last?.act.type !== 'packages' || draft.act.type !== 'packages') return [...drafts, draft]
  const joint: Draft = {
    ...last,
    resource: last.resource.split(', ').includes(draft.resource)
      ? last.resource
      : `${last.resource}, ${draft.resource}`,
    key: `${last.key}, ${draft.key}`,
    act: joinPackages(last.act, draft.act),
    owes: [...last.owes, ...draft.owes],
    lockout: last.lockout ?? draft.lockout,
    cannotUndo: last.cannotUndo ?? draft.cannotUndo,
  }
  return [...drafts.slice(0, -1), joint]
}

function tell(fold: Fold, { resource }: Item, more: Partial<Tale>): Fold {
  const tale = fold.tales.get(resource.number) ?? noTale
  const told: Tale = {
    marks: [...tale.marks, ...(more.marks ?? [])],
    lines: [...tale.lines, ...(more.lines ?? [])],
    notes: [...tale.notes, ...(more.notes ?? [])],
    unknown: tale.unknown ?? more.unknown ?? null,
    cannotUndo: tale.cannotUndo ?? more.cannotUndo ?? null,
    acts: [...tale.acts, ...(more.acts ?? [])],
    differing: [...tale.differing, ...(more.differing ?? [])],
  }
  return { ...fold, tales: new Map(fold.tales).set(resource.number, told) }
}

function defer(fold: Fold, { resource, thing }: Item, why: string): Fold {
  const before = fold.deferred.get(resource.number)
  const things = [...(before?.lowered.things ?? []), thing]
  const one = { lowered: { resource, things }, why: before?.why ?? why }
  return { ...fold, deferred: new Map(fold.deferred).set(resource.number, one) }
}

/** Others are planned as if it had gone well, so that one mistake is told once. */
function withTrouble(fold: Fold, item: Item, { what, now }: Readonly<{ what: string; now: string }>): Fold {
  const { resource, thing } = item
  const path = thing.type === 'path' ? absolute(thing.path, fold.state.seen) : null
  const state =
    path === null
      ? fold.state
      : withPath(fold.state, path, { type: 'unknown', why: `${resource.id} cannot be planned` })
  const part = resource.id.includes(named(thing)) ? '' : ` (${thing.key})`
  const trouble: Trouble = { what: `${resource.id}${part}: ${what}`, where: placeText(item), now }
  return { ...fold, state, troubles: [...fold.troubles, trouble] }
}

function named(thing: Thing): string {
  switch (thing.type) {
    case 'path':
      return thing.path
    case 'unit':
      return thing.unit
    case 'package':
    case 'user':
    case 'group':
    case 'command':
      return thing.name
  }
}

/** `tandem.ts:14:3`. */
function placeText({ resource: { at } }: Pick<Item, 'resource'>): string {
  return `${at.file}:${at.line}:${at.column}`
}
