import { createHash } from 'node:crypto'
import type { ChangeDetail, ChangeView, HubEvent } from '../../api/wire.ts'
import { changeOf } from '../../change/change.ts'
import type { Entry, Happening } from '../../change/entry.ts'
import type { ChangeId, Order } from '../../change/order.ts'
import { stepsOf } from '../../change/plan.ts'
import { isOver } from '../../change/status.ts'
import type { LogLine, May } from '../../store/store.ts'

/** A ledger and a log in memory: what the pages are looked at with. It keeps nothing and checks nothing. */
export type PlayLedger = Readonly<{
  entries: readonly Entry[]
  log: readonly LogLine[]
  order: (order: Order, at: number) => ChangeId
  add: (change: ChangeId, happening: Happening, at: number) => void
  print: (
    change: ChangeId,
    line: Readonly<{ step: string; host: string | null; text: string }>,
    at: number,
  ) => void
  view: (id: ChangeId) => ChangeView | null
  detail: (id: ChangeId, may: May) => ChangeDetail | null
  views: () => readonly ChangeView[]
  subscribe: (listener: (event: HubEvent) => void) => () => void
}>

export function makePlayLedger(): PlayLedger {
  const entries: Entry[] = []
  const log: LogLine[] = []
  const ids: ChangeId[] = []
  const listeners = new Set<(event: HubEvent) => void>()
  const tell = (event: HubEvent) => listeners.forEach((listener) => listener(event))
  const of = (id: ChangeId) => entries.filter((entry) => entry.change === id)

  const add = (change: ChangeId, happening: Happening, at: number) => {
    const prev = entries.at(-1)?.hash ?? ''
    const hash = createHash('sha256')
      .update(prev + JSON.stringify(happening))
      .digest('hex')
    const entry: Entry = { ...happening, seq: entries.length + 1, change, at, prev, hash }
    entries.push(entry)
    const view = viewOf(of(change), revertedBy(change))
    tell({ type: 'entry', entry, change: view })
  }
  const revertedBy = (id: ChangeId): ChangeId | null =>
    entries.find(
      (entry) =>
        entry.type === 'ordered' &&
        entry.order.reverts === id &&
        of(entry.change).some((other) => other.type === 'finished'),
    )?.change ?? null
  const view = (id: ChangeId) => (ids.includes(id) ? viewOf(of(id), revertedBy(id)) : null)

  return {
    entries,
    log,
    order: (order, at) => {
      const id = `c${ids.length + 1}`
      ids.push(id)
      add(id, { type: 'ordered', order }, at)
      return id
    },
    add,
    print: (change, line, at) => {
      const whole = { seq: log.length + 1, change, at, ...line }
      log.push(whole)
      tell({ type: 'log', line: whole })
    },
    view,
    detail: (id, may) => {
      const change = view(id)
      return change === null ? null : detailOf(change, of(id), may)
    },
    views: () => ids.flatMap((id) => view(id) ?? []).toReversed(),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function viewOf(entries: readonly Entry[], revertedBy: ChangeId | null): ChangeView {
  const change = changeOf(entries, revertedBy)
  const { kind, target, who, door, why, reverts } = change.order
  const done = entries.filter((entry) => entry.type === 'step-done').length
  const undone = entries.filter((entry) => entry.type === 'undo-done').length
  const stages = entries.filter((entry) => entry.type === 'stage-started')
  const trouble = entries.findLast((entry) => ['refused', 'undone', 'stuck'].includes(entry.type))
  const { id, status, orderedAt, endedAt, fenced } = change
  return {
    id,
    kind,
    target,
    who,
    door,
    why,
    reverts,
    status,
    orderedAt,
    endedAt,
    revertedBy,
    fenced,
    title: change.plan?.title ?? target,
    trouble:
      trouble !== undefined && 'trouble' in trouble && typeof trouble.trouble === 'object'
        ? trouble.trouble
        : null,
    stage: isOver(status) ? null : (stages.at(-1)?.stage ?? null),
    steps: { done: done - undone, total: change.plan === null ? 0 : stepsOf(change.plan).length },
  }
}

function detailOf(change: ChangeView, entries: readonly Entry[], may: May): ChangeDetail {
  const mayOrder = may === 'everything'
  const isOpen = !isOver(change.status)
  return {
    change,
    plan: changeOf(entries, change.revertedBy).plan,
    entries,
    mayRevert: mayOrder && change.status === 'done' && change.revertedBy === null,
    mayStop: mayOrder && isOpen && change.status !== 'undoing' && change.status !== 'settling',
  }
}
