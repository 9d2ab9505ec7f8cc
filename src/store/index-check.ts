import type { DatabaseSync } from 'node:sqlite'
import type { Entry } from '../change/entry.ts'
import type { Order } from '../change/order.ts'
import { after, isOver, type Status } from '../change/status.ts'
import { isAside } from '../change/occurrence.ts'
import { idOf, type Link, numberOf, writtenOf } from './chain.ts'

type Row = Readonly<{
  number: number
  status: Status
  over: 0 | 1
  target: string
  reverts: number | null
  ordered_at: number
  started_at: number | null
  ended_at: number | null
  title: string | null
}>

const find = 'select * from changes where number = ?'

/**
 * Compares the `changes` table with what the entries say. It is only an index of them, but it decides which changes
 * are brought to an end after a crash, so a falsified one has to be found as well.
 */
export type IndexCheck = Readonly<{
  /** Why an entry, given in order, does not fit the index; null when it does. */
  differs: (link: Link) => string | null
  /** What the index holds that no entry has told of, given at the end. */
  leftOver: () => string | null
}>

export function checkIndex(file: DatabaseSync): IndexCheck {
  const row = file.prepare(find)
  const open = new Map<number, Status>()
  const started = new Set<number>()
  let ordered = 0

  function differs(link: Link): string | null {
    const entry = writtenOf(link)
    if (isAside(entry)) return null
    const found = row.get(link.change) as unknown as Row | undefined
    if (found === undefined) return `the index of changes lacks ${entry.change}`
    if (entry.type === 'ordered') {
      ordered += 1
      if (!isIndexed(entry.order, found)) return `the index of changes alters the order of ${entry.change}`
    }
    const isFirst = entry.type !== 'stage-started' || !started.has(link.change)
    if (entry.type === 'stage-started') started.add(link.change)
    if (isFirst && !isTimed(entry, found))
      return `the index of changes alters when or what ${entry.change} was`
    const before = open.get(link.change) ?? endedAs(found, entry)
    const next = after(before, entry)
    if (next === 'illegal')
      return `${entry.type} cannot happen to a change that is ${before ?? 'not ordered'}`
    open.set(link.change, next)
    if (!isOver(next)) return null
    open.delete(link.change)
    started.delete(link.change)
    if (found.status !== next || found.over !== 1) return disagreement(found, next)
    // A word after the end does not end it again.
    if (before === next || found.ended_at === entry.at) return null
    return `the index of changes alters when ${entry.change} ended`
  }

  return { differs, leftOver: () => leftOver(file, open, ordered) }
}

/** A change that is not open any more has ended before, and agreed with the index then. */
const endedAs = (row: Row, entry: Entry): Status | null =>
  entry.type === 'ordered' || row.over === 0 ? null : row.status

const isIndexed = (order: Order, row: Row): boolean =>
  row.target === order.target && row.reverts === (order.reverts === null ? null : numberOf(order.reverts))

/** Graphs mark changes by the index: a falsified time or title would mark what never was. */
function isTimed(entry: Entry, row: Row): boolean {
  if (entry.type === 'ordered') return row.ordered_at === entry.at
  if (entry.type === 'stage-started') return row.started_at === entry.at
  return entry.type !== 'planned' || row.title === entry.plan.title
}

const disagreement = (row: Row, status: Status): string =>
  `the index of changes says that ${idOf(row.number)} is ${row.status}, its entries say ${status}`

function leftOver(file: DatabaseSync, open: ReadonlyMap<number, Status>, ordered: number): string | null {
  const one = file.prepare(find)
  for (const [change, status] of open) {
    const row = one.get(change) as unknown as Row | undefined
    if (row !== undefined && (row.status !== status || row.over === 1)) return disagreement(row, status)
  }
  const { rows } = file.prepare('select count(*) as rows from changes').get() as unknown as { rows: number }
  return rows === ordered ? null : `the index of changes holds ${rows} of them, and ${ordered} were ordered`
}
