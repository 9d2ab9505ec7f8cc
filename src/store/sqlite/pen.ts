import type { Happening } from '../../change/entry.ts'
import type { Occurrence } from '../../change/occurrence.ts'
import { after, isOver, type Status } from '../../change/status.ts'
import { asideLink, type Head, idOf, type Link, link, numbered } from '../chain.ts'
import type { Database } from './database.ts'

/** What writes into the chain. All are called inside `database.write` only. */
export type Pen = Readonly<{
  /** Appends a happening to the chain and moves its change on. Throws on one that cannot come next: that is a bug. */
  write: (change: number, happening: Happening, at: number) => void
  /** Appends the order that begins a change. */
  begin: (change: number, ordered: Ordered, at: number) => void
  /** Appends what belongs to no change. */
  aside: (about: string, occurrence: Occurrence, at: number) => void
}>

type Ordered = Extract<Happening, { type: 'ordered' }>

export function openPen(database: Database): Pen {
  const head = database.query<Head>('select seq, hash from head')
  const raise = database.command('update head set seq = ?, hash = ?')
  const insert = database.command(
    'insert into entries (seq, change, about, at, line, prev, hash) values (?, ?, ?, ?, ?, ?, ?)',
  )
  const status = database.query<{ status: Status }>('select status from changes where number = ?')
  const move = database.command(
    `update changes set status = ?, over = ?, title = coalesce(title, ?), started_at = coalesce(started_at, ?),
      ended_at = coalesce(ended_at, ?) where number = ?`,
  )
  const begin = database.command(
    `insert into changes (number, target, reverts, ordered, ordered_at, status, over)
      values (?, ?, ?, ?, ?, ?, 0)`,
  )

  function append(linkAfter: (last: Head) => Link): number {
    const last = head.one()
    if (last === undefined) throw new Error('the ledger has no head')
    const next = linkAfter(last)
    insert(next.seq, next.change, next.about, next.at, next.line, next.prev, next.hash)
    raise(next.seq, next.hash)
    return next.seq
  }

  return {
    write: (change, happening, at) => {
      const before = status.one(change)?.status ?? null
      const next = legal(change, before, happening)
      append((last) => link(last, change, at, happening))
      const title = happening.type === 'planned' ? happening.plan.title : null
      const startedAt = happening.type === 'stage-started' ? at : null
      if (next === before && startedAt === null) return
      move(next, isOver(next) ? 1 : 0, title, startedAt, isOver(next) ? at : null, change)
    },
    begin: (change, ordered, at) => {
      const seq = append((last) => link(last, change, at, ordered))
      begin(change, ordered.order.target, revertedNumber(ordered), seq, at, legal(change, null, ordered))
    },
    aside: (about, occurrence, at) => void append((last) => asideLink(last, about, at, occurrence)),
  }
}

function legal(change: number, before: Status | null, happening: Happening): Status {
  // Only `order` begins a change: it also gives it a number and a place in line.
  if (before === null && happening.type !== 'ordered') throw new Error(`there is no change ${idOf(change)}`)
  const next = after(before, happening)
  if (next !== 'illegal') return next
  throw new Error(`${happening.type} cannot happen to ${idOf(change)}: it is ${before ?? 'not ordered'}`)
}

function revertedNumber({ order }: Ordered): number | null {
  return order.reverts === null ? null : numbered(order.reverts)
}
