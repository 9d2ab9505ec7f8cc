import type { SQLInputValue } from 'node:sqlite'
import { asideOf, entryOf, idOf, type Link, numberOf, numbered, writtenOf } from '../chain.ts'
import type { Database, Query } from './database.ts'
import { openPen, type Pen } from './pen.ts'
import { type Ledger, LeaseLostError } from '../store.ts'
import type { Seats } from './seats.ts'
import { marksOf } from './marks.ts'
import { verifyLedger } from '../verify.ts'

type Stored = Pick<Link, 'line' | 'prev' | 'hash'>
type Numbered = Readonly<{ number: number }>

export function sqliteLedger(database: Database, seats: Seats): Ledger {
  const pen = openPen(database)
  return {
    ...writing(database, seats, pen),
    ...entriesOf(database),
    ...asidesOf(database),
    ...changesOf(database),
    ...marksOf(database),
  }
}

const newestRead = 200

function writing(
  database: Database,
  seats: Seats,
  pen: Pen,
): Pick<Ledger, 'order' | 'append' | 'record' | 'recordUnless'> {
  const newest = database.query<Stored>(
    'select line, prev, hash from entries where about = ? order by seq desc limit ?',
  )
  const last = database.query<Numbered>('select coalesce(max(number), 0) as number from changes')
  return {
    order: (order, at, holder) =>
      database.write(() => {
        const number = (last.one()?.number ?? 0) + 1
        pen.begin(number, { type: 'ordered', order }, at)
        seats.sit(number, order.target, holder, at)
        return idOf(number)
      }),
    append: (change, happenings, at, lease) =>
      database.write(() => {
        if (lease !== null && !seats.isCurrent(lease)) throw new LeaseLostError(lease.target, lease.token)
        const number = numbered(change)
        for (const happening of happenings) pen.write(number, happening, at)
      }),
    record: (about, occurrence, at) => database.write(() => pen.aside(about, occurrence, at)),
    recordUnless: (about, occurrence, at, isTold) =>
      database.write(() => {
        if (!isTold(newest.all(about, newestRead).map(asideOf))) pen.aside(about, occurrence, at)
      }),
  }
}

function entriesOf(database: Database): Pick<Ledger, 'since' | 'of' | 'ofMany' | 'lastSeq' | 'verify'> {
  const since = database.query<Stored>(
    'select line, prev, hash from entries where seq > ? order by seq limit ?',
  )
  const of = database.query<Stored>('select line, prev, hash from entries where change = ? order by seq')
  const ofMany = database.query<Stored & Readonly<{ change: number }>>(
    `select change, line, prev, hash from entries
      where change in (select value from json_each(?)) order by change, seq`,
  )
  const head = database.query<{ seq: number }>('select seq from head')
  return {
    since: async (seq, limit) => since.all(seq, limit).map(writtenOf),
    of: async (change) => of.all(numberOf(change)).map(entryOf),
    ofMany: async (changes) => {
      const rows = ofMany.all(JSON.stringify(changes.map(numberOf)))
      const found = Map.groupBy(rows, ({ change }) => idOf(change))
      return changes.map((change) => (found.get(change) ?? []).map(entryOf))
    },
    lastSeq: async () => head.one()?.seq ?? 0,
    verify: () => verifyLedger(database.path),
  }
}

function asidesOf(database: Database): Pick<Ledger, 'asides'> {
  const all = database.query<Stored>(
    'select line, prev, hash from entries where about is not null and seq < ? order by seq desc limit ?',
  )
  const aboutOne = database.query<Stored>(
    'select line, prev, hash from entries where about = ? and seq < ? order by seq desc limit ?',
  )
  return {
    asides: async ({ about, before, limit }) => {
      const end = before ?? Number.MAX_SAFE_INTEGER
      return (about === null ? all.all(end, limit) : aboutOne.all(about, end, limit)).map(asideOf)
    },
  }
}

function changesOf(database: Database): Pick<Ledger, 'changes' | 'open' | 'revertedBy'> {
  const all = database.query<Numbered>(
    'select number from changes where number < ? order by number desc limit ?',
  )
  const ofTarget = database.query<Numbered>(
    'select number from changes where number < ? and target = ? order by number desc limit ?',
  )
  const open = database.query<Numbered>('select number from changes where over = 0 order by number')
  const reverting = database.query<Numbered>(
    "select number from changes where reverts = ? and status = 'done' order by number desc limit 1",
  )
  return {
    changes: async ({ target, before, limit }) => {
      const end = before === null ? Number.MAX_SAFE_INTEGER : numberOf(before)
      return target === null ? ids(all, end, limit) : ids(ofTarget, end, target, limit)
    },
    open: async () => ids(open),
    revertedBy: async (change) => ids(reverting, numberOf(change))[0] ?? null,
  }
}

function ids(query: Query<Numbered>, ...values: readonly SQLInputValue[]): readonly string[] {
  return query.all(...values).map((row) => idOf(row.number))
}
