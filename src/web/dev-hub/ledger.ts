import { createHash } from 'node:crypto'
import { detailOf, viewOf } from '../../api/changes/views.ts'
import type { ChangeDetail, ChangeView, HubEvent } from '../../api/wire/wire.ts'
import type { Entry, Happening } from '../../change/entry.ts'
import type { Aside, Occurrence } from '../../change/occurrence.ts'
import type { ChangeId, Order } from '../../change/order.ts'
import type { LogLine, May } from '../../store/store.ts'

/** A ledger and a log in memory: what the pages are looked at with. It keeps nothing and checks nothing. */
export type PlayLedger = Readonly<{
  entries: readonly Entry[]
  asides: readonly Aside[]
  /** The number of its newest line. */
  seq: () => number
  log: readonly LogLine[]
  order: (order: Order, at: number) => ChangeId
  add: (change: ChangeId, happening: Happening, at: number) => void
  print: (
    change: ChangeId,
    line: Readonly<{ step: string; host: string | null; text: string }>,
    at: number,
  ) => void
  addAside: (about: string, occurrence: Occurrence, at: number) => Aside
  /** Tells those who listen, and writes nothing down. */
  tell: (event: HubEvent) => void
  view: (id: ChangeId) => ChangeView | null
  detail: (id: ChangeId, may: May) => ChangeDetail | null
  views: () => readonly ChangeView[]
  subscribe: (listener: (event: HubEvent) => void) => () => void
}>

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

export function makePlayLedger(): PlayLedger {
  const entries: Entry[] = []
  const asides: Aside[] = []
  const log: LogLine[] = []
  const ids: ChangeId[] = []
  const listeners = new Set<(event: HubEvent) => void>()
  const tell = (event: HubEvent) => listeners.forEach((listener) => listener(event))
  const of = (id: ChangeId) => entries.filter((entry) => entry.change === id)

  let prev = ''
  const seq = () => entries.length + asides.length
  const linked = (happening: Happening | Occurrence) => {
    const link = { seq: seq() + 1, prev, hash: hashOf(prev + JSON.stringify(happening)) }
    prev = link.hash
    return link
  }
  const add = (change: ChangeId, happening: Happening, at: number) => {
    const entry: Entry = { ...happening, change, at, ...linked(happening) }
    entries.push(entry)
    const view = viewOf(of(change), revertedBy(change))
    tell({ type: 'entry', entry, change: view })
  }
  const revertedBy = (id: ChangeId) => revertOf(entries, id)
  const view = (id: ChangeId) => (ids.includes(id) ? viewOf(of(id), revertedBy(id)) : null)

  return {
    entries,
    asides,
    seq,
    tell,
    log,
    order: (order, at) => {
      const id = `c${ids.length + 1}`
      ids.push(id)
      add(id, { type: 'ordered', order }, at)
      return id
    },
    add,
    addAside: (about, occurrence, at) => {
      const aside: Aside = { ...occurrence, change: null, about, at, ...linked(occurrence) }
      asides.push(aside)
      tell({ type: 'aside', aside })
      return aside
    },
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

/** The revert that took a change back, once it is finished. */
const revertOf = (entries: readonly Entry[], id: ChangeId): ChangeId | null =>
  entries.find(
    (entry) =>
      entry.type === 'ordered' &&
      entry.order.reverts === id &&
      entries.some((other) => other.change === entry.change && other.type === 'finished'),
  )?.change ?? null
