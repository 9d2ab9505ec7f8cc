import { createHash } from 'node:crypto'
import { detailOf, viewOf } from '../../api/views.ts'
import type { ChangeDetail, ChangeView, HubEvent } from '../../api/wire.ts'
import type { Entry, Happening } from '../../change/entry.ts'
import type { ChangeId, Order } from '../../change/order.ts'
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
  subscribe: (listener: (event: PlayEvent) => void) => () => void
}>

type PlayEvent = Extract<HubEvent, { type: 'entry' | 'log' }>

export function makePlayLedger(): PlayLedger {
  const entries: Entry[] = []
  const log: LogLine[] = []
  const ids: ChangeId[] = []
  const listeners = new Set<(event: PlayEvent) => void>()
  const tell = (event: PlayEvent) => listeners.forEach((listener) => listener(event))
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
    detail: (id, may) => (ids.includes(id) ? detailOf(of(id), revertedBy(id), may) : null),
    views: () => ids.flatMap((id) => view(id) ?? []).toReversed(),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
