import { createHash } from 'node:crypto'
import { canonical } from '../../change/canonical.ts'
import type { PlanLine } from '../../change/plan.ts'
import type { Lowered, Resource } from '../recipe/resource.ts'
import { count } from './content-diff.ts'
import type { Fold, Tale } from './fold.ts'
import { debtKey, type Op } from './op.ts'
import type { ResourceChange } from './plan-host.ts'
import { earlierChange } from './settle.ts'
import type { Standing } from './standing.ts'

type Input = Readonly<{
  lowered: readonly Lowered[]
  fold: Fold
  ops: readonly Op[]
  /** Debts that nobody can pay any more. */
  lost: readonly string[]
  standings: ReadonlyMap<string, Standing>
}>

/** What people read of each resource, in the order of the recipe, and of each payment. */
export function changesOf({ lowered, fold, ops, lost, standings }: Input): readonly ResourceChange[] {
  const resources = lowered.map(({ resource, things }) => {
    const sights = things.map(({ key }) => standings.get(key)?.was ?? '')
    const later = fold.deferred.get(resource.number) ?? null
    return changeOf(resource, fold.tales.get(resource.number), { sights, later: later?.why ?? null })
  })
  return [...resources, ...payments(ops), ...lost.map(lostDebt)]
}

type Rest = Readonly<{ sights: readonly string[]; later: string | null }>

function changeOf(resource: Resource, tale: Tale | undefined, { sights, later }: Rest): ResourceChange {
  const { at } = resource
  const acts = tale?.acts ?? []
  return {
    type: later === null ? 'resource' : 'deferred',
    resource: resource.id,
    at: `${at.file}:${at.line}:${at.column}`,
    mark: later !== null && acts.length === 0 ? '~' : markOf(tale?.marks ?? []),
    lines: tale?.lines ?? [],
    notes: tale?.notes ?? [],
    unknown: later === null ? (tale?.unknown ?? null) : `planned when the rest is done: ${later}`,
    cannotUndo: tale?.cannotUndo ?? null,
    digest: createHash('sha256').update(canonical({ sights, acts, later })).digest('hex'),
    differing: tale?.differing ?? [],
  }
}

function markOf(marks: readonly PlanLine['mark'][]): PlanLine['mark'] {
  const [first] = marks
  if (first === undefined) return ' '
  return marks.every((mark) => mark === first) ? first : '~'
}

/** What is paid, and for whom. */
export function payments(ops: readonly Op[]): readonly ResourceChange[] {
  return ops.flatMap((op) => paymentOf(op, ops))
}

function paymentOf(op: Op, ops: readonly Op[]): readonly ResourceChange[] {
  if (op.act.type !== 'pay') return []
  const { debt } = op.act
  const [first, ...others] = ops.flatMap(({ resource, owes }) =>
    owes.some((owed) => debtKey(owed) === debtKey(debt)) ? [resource] : [],
  )
  const more = others.length === 0 ? '' : ` and ${count(others.length, 'other')}`
  const why = first === undefined ? `owed since ${earlierChange}` : `for ${first}${more}`
  return [
    { ...bare, type: 'payment', resource: debtKey(debt), at: op.at, notes: [why], digest: debtKey(debt) },
  ]
}

const bare: Omit<ResourceChange, 'type' | 'resource' | 'at' | 'digest'> = {
  mark: '~',
  lines: [],
  notes: [],
  unknown: null,
  cannotUndo: null,
  differing: [],
}

function lostDebt(key: string): ResourceChange {
  const notes = ['owed since an earlier change, and no resource says any more how to do it']
  return { ...bare, type: 'payment', mark: ' ', resource: key, at: earlierChange, notes, digest: key }
}
