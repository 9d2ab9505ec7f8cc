import { createHash } from 'node:crypto'
import { canonical } from '../../change/canonical.ts'
import type { PlanLine } from '../../change/plan.ts'
import type { Content } from '../things/thing.ts'
import { accessLines, modeText } from './access.ts'
import { payments } from './changes.ts'
import { type Inverse, inverseOf } from './inverse.ts'
import { allMoved } from './moved.ts'
import type { Act, Op, PathState } from './op.ts'
import { type HostPlan, keyedBy, type ResourceChange } from './plan-host.ts'
import type { Seen, UnitSeen } from './seen.ts'
import { debtsOf, type Draft, settle } from './settle.ts'

export type PlanRevertInput = Readonly<{
  host: string
  /** The change that is taken back, whose kept pre-images are on the host; and all that it did there, in order. */
  change: string
  ops: readonly Op[]
  seen: Seen
  digestOf: (content: Content) => string
  /** What moved since is overwritten: what a change began and never finished is nobody's wish. */
  isForced: boolean
}>

/** What takes back on one host what a change did there, newest first. What moved since is a trouble, by name. */
export function planRevert(input: PlanRevertInput): HostPlan {
  const { host, change, ops, seen } = input
  const moved = input.isForced ? [] : allMoved(ops, seen, keyedBy(input.digestOf))
  const backs = ops.toReversed().map((op) => ({ op, inverse: inverseOf(op, { change, seen }) }))
  const drafts = backs.flatMap(({ op, inverse }) => inverse.acts.map((act) => draftOf(op, act, input)))
  const owed = ops.flatMap(({ owes }) => owes)
  const { debts } = debtsOf(seen.owed, owed)
  const settled = settle(drafts, {
    earlier: debts,
    heldBack: new Set(),
    after: { units: unitsAfter(ops, drafts, seen) },
    needsReload: false,
  })
  const back = settled.map((draft, index): Op => ({ number: index + 1, ...draft }))
  return {
    host,
    ops: back,
    bytes: new Map(),
    passwords: new Map(),
    changes: [...changesOf(backs), ...payments(back)],
    unknowns: [],
    deferred: [],
    troubles: moved.map((what) => ({
      what: `${what}, so taking ${change} back would overwrite that`,
      host,
      now: 'put it right by a new apply, or back to what the change has left',
    })),
    standings: new Map(),
    managed: new Set(),
    applied: {},
  }
}

function draftOf(op: Op, act: Act, { change, isForced }: PlanRevertInput): Draft {
  const { resource, at, key, owes, lockout, number } = op
  const forced =
    isForced && 'before' in act && 'path' in act ? { ...act, before: { type: 'any' } as const } : act
  const takesBack = { change, number }
  return { resource, at, key, act: forced, owes, lockout, cannotUndo: null, takesBack }
}

/** Units that a package of the change had brought are gone with it; what is owed to them is owed to nobody. */
function unitsAfter(ops: readonly Op[], drafts: readonly Draft[], seen: Seen): ReadonlyMap<string, UnitSeen> {
  const units = new Map(seen.units)
  const rest = (unit: string): void => {
    units.set(unit, { load: 'loaded', active: 'inactive', file: 'disabled', needsReload: false })
  }
  for (const { act } of ops) if (act.type === 'unit' && act.before === null) rest(act.unit)
  for (const { act } of drafts) if (act.type === 'unit' && act.running === false) rest(act.unit)
  return units
}

type Back = Readonly<{ op: Op; inverse: Inverse }>

/** Each resource once, whatever it was made of. */
function changesOf(backs: readonly Back[]): readonly ResourceChange[] {
  const byResource = Map.groupBy(backs, ({ op }) => `${op.resource} ${op.at}`)
  return [...byResource.values()].flatMap(changeOf)
}

function changeOf(backs: readonly Back[]): readonly ResourceChange[] {
  const acts = backs.flatMap(({ inverse }) => inverse.acts)
  const reasons = backs.flatMap(({ inverse }) => inverse.cannotUndo ?? [])
  const [first] = backs
  if (first === undefined || acts.length + reasons.length === 0) return []
  const lines = acts.flatMap(backLines)
  const marks = new Set(lines.map(({ mark }) => mark))
  const [mark = ' '] = marks.size === 1 ? marks : (['~'] as const)
  return [
    {
      type: 'resource',
      resource: first.op.resource,
      at: first.op.at,
      mark: acts.length === 0 ? ' ' : mark,
      lines,
      notes: [],
      unknown: null,
      cannotUndo: reasons.length === 0 ? null : reasons.join('; '),
      digest: createHash('sha256').update(canonical(acts)).digest('hex'),
      differing: [],
    },
  ]
}

/** What people read of an act that takes something back: bytes are on the host alone, so none are shown. */
function backLines(act: Act): readonly PlanLine[] {
  switch (act.type) {
    case 'write':
      return [
        { mark: '~', text: `${act.path}: the bytes of before (${act.after.sha256.slice(0, 7)})` },
        { mark: '~', text: `mode ${modeText(act.after.mode)}, ${act.after.owner}:${act.after.group}` },
      ]
    case 'mkdir':
      return [{ mark: '+', text: act.path }, ...accessLines(null, act.after)]
    case 'access':
      return accessBack(act.path, act.before, act.after)
    case 'link':
      return [{ mark: '~', text: `${act.path} -> ${act.after.to}` }]
    case 'remove':
      return [{ mark: '-', text: act.path }]
    case 'restore':
      return [{ mark: '~', text: `${act.path}: what was there before` }]
    case 'packages':
      return [
        ...act.install.map(({ name, version }): PlanLine => ({
          mark: '+',
          text: `${name} ${version ?? ''}`,
        })),
        ...act.remove.map((name): PlanLine => ({
          mark: '-',
          text: `${name}, and what came along with it; its configuration stays`,
        })),
        ...act.hold.map((name): PlanLine => ({ mark: '~', text: `${name} is held at its version` })),
        ...act.unhold.map((name): PlanLine => ({ mark: '~', text: `${name} is no longer held` })),
      ]
    case 'user':
    case 'group':
      return [
        {
          mark: act.after === null ? '-' : '~',
          text: act.after === null ? act.name : `${act.name} as before`,
        },
      ]
    case 'unit':
      return [{ mark: '~', text: standingText(act) }]
    case 'command':
      return [{ mark: '~', text: `the undo of ${act.name}` }]
    case 'pay':
      return []
  }
}

function accessBack(path: string, before: PathState, after: PathState): readonly PlanLine[] {
  if (!('mode' in before) || !('mode' in after)) return [{ mark: '~', text: path }]
  return accessLines(before, after)
}

function standingText({ enabled, running, masked }: Extract<Act, { type: 'unit' }>): string {
  const says = [
    enabled === null ? null : enabled ? 'enabled' : 'disabled',
    running === null ? null : running ? 'started' : 'stopped',
    masked === null ? null : masked ? 'masked' : 'no longer masked',
  ]
  return says.filter((text) => text !== null).join(', ')
}
