import type { Order } from '../../change/order.ts'
import type { Status } from '../../change/status.ts'
import { marksAbout } from '../../change/occurrence.ts'
import { asideOf, entryOf, idOf, type Link } from '../chain.ts'
import type { Database } from './database.ts'
import type { ChangeMark, Ledger } from '../store.ts'

type Stored = Pick<Link, 'line' | 'prev' | 'hash'>

type Row = Stored &
  Readonly<{
    number: number
    status: Status
    title: string | null
    ordered_at: number
    started_at: number | null
    ended_at: number | null
    reverted_by: number | null
  }>

/** What graphs mark: the index of changes knows when they were under way, the entry of their order who and why. */
export function marksOf(database: Database): Pick<Ledger, 'marks' | 'marked'> {
  // Without the plus the newest would be looked through one by one, though the index knows which were under way.
  const changes = database.query<Row>(
    `select changes.number, changes.status, changes.title, ordered_at, started_at, ended_at, line, prev, hash,
        (select max(number) from changes as taking where taking.reverts = changes.number
          and taking.status = 'done') as reverted_by
      from changes join entries on entries.seq = changes.ordered
      where coalesce(ended_at, 9007199254740991) >= ? and ordered_at <= ?
      order by +changes.number desc limit ?`,
  )
  const marked = database.query<Stored>(
    `select line, prev, hash from entries
      where about = '${marksAbout}' and coalesce(line ->> '$.until', line ->> '$.from') >= ?
        and line ->> '$.from' <= ?
      order by line ->> '$.from' desc, seq desc limit ?`,
  )
  return {
    marks: async ({ fromMs, toMs, limit }) => changes.all(fromMs, toMs, limit).map(markOf),
    marked: async ({ fromMs, toMs, limit }) => marked.all(fromMs, toMs, limit).map(asideOf),
  }
}

function markOf(row: Row): ChangeMark {
  return {
    id: idOf(row.number),
    order: orderIn(row),
    status: row.status,
    title: row.title,
    orderedAt: row.ordered_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    revertedBy: row.reverted_by === null ? null : idOf(row.reverted_by),
  }
}

function orderIn(stored: Stored): Order {
  const entry = entryOf(stored)
  if (entry.type === 'ordered') return entry.order
  throw new Error(`the index of changes takes entry ${entry.seq} for the order of ${entry.change}`)
}
