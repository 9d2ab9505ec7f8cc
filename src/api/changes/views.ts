import { changeOf } from '../../change/change.ts'
import type { Entry } from '../../change/entry.ts'
import type { Json } from '../../change/json.ts'
import type { ChangeId } from '../../change/order.ts'
import { stepsOf } from '../../change/plan.ts'
import { isOver, type Status } from '../../change/status.ts'
import { hasWayBack } from '../../change/undo.ts'
import type { Trouble } from '../../change/trouble.ts'
import type { May } from '../../store/store.ts'
import type { ChangeDetail, ChangeView } from '../wire/wire.ts'

/** A change as lists show it, from its own entries, oldest first. Throws if they are no change. */
export function viewOf(entries: readonly Entry[], revertedBy: ChangeId | null): ChangeView {
  const { order, plan, ...change } = changeOf(entries, revertedBy)
  return {
    id: change.id,
    kind: order.kind,
    does: doesOf(order.wish),
    target: order.target,
    title: plan?.title ?? order.target,
    who: order.who,
    door: order.door,
    why: order.why,
    status: change.status,
    orderedAt: change.orderedAt,
    endedAt: change.endedAt,
    reverts: order.reverts,
    revertedBy,
    fenced: change.fenced,
    trouble: troubleIn(entries, change.status),
    stage: change.status === 'running' ? runningStage(entries) : null,
    steps: { done: stepsDone(entries), total: plan === null ? 0 : stepsOf(plan).length },
  }
}

/** What a wish does, where its kind does several things. */
export const doesOf = (wish: Json): string | null =>
  typeof wish === 'object' && wish !== null && 'do' in wish && typeof wish.do === 'string' ? wish.do : null

/** A change whole, and what a person who may do this much can do about it. */
export function detailOf(entries: readonly Entry[], revertedBy: ChangeId | null, may: May): ChangeDetail {
  const change = viewOf(entries, revertedBy)
  const { plan } = changeOf(entries, revertedBy)
  const isInForce = change.status === 'done' && revertedBy === null
  return {
    change,
    plan,
    entries,
    mayRevert: may === 'everything' && isInForce && plan !== null && hasWayBack(plan),
    mayStop: may === 'everything' && isStoppable(entries, change.status),
  }
}

/** Once a change is decided it can only be finished or undone, and one who was asked to stop need not be asked again. */
function isStoppable(entries: readonly Entry[], status: Status): boolean {
  const isUndecided = status === 'waiting' || status === 'planning' || status === 'running'
  return isUndecided && !entries.some((entry) => entry.type === 'stop-asked')
}

/** Why it ended badly, or, while it is being undone, which step failed. */
function troubleIn(entries: readonly Entry[], status: Status): Trouble | null {
  const troubles = entries.flatMap((entry) => {
    if (isOver(status)) return isBadEnding(entry) ? [entry.trouble] : []
    return status === 'undoing' && entry.type === 'step-failed' ? [entry.trouble] : []
  })
  return troubles.at(-1) ?? null
}

const isBadEnding = (entry: Entry): entry is Extract<Entry, { type: 'refused' | 'undone' | 'stuck' }> =>
  entry.type === 'refused' || entry.type === 'undone' || entry.type === 'stuck'

function runningStage(entries: readonly Entry[]): string | null {
  const last = entries.findLast((entry) => entry.type === 'stage-started' || entry.type === 'stage-done')
  return last?.type === 'stage-started' ? last.stage : null
}

function stepsDone(entries: readonly Entry[]): number {
  const done = new Set<string>()
  for (const entry of entries) {
    if (entry.type === 'step-done') done.add(entry.step)
    if (entry.type === 'undo-done') done.delete(entry.step)
  }
  return done.size
}
