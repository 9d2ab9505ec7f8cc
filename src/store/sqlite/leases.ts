import { entryOf, idOf, type Link, numbered } from '../chain.ts'
import type { Database } from './database.ts'
import { isSame } from '../holder.ts'
import type { Seat, Seats } from './seats.ts'
import type { Holder, Lease, Leases, Line, Place } from '../store.ts'

export function sqliteLeases(database: Database, seats: Seats): Leases {
  return { ...taking(database, seats), ...adopting(database, seats), lines: lining(database) }
}

function taking(database: Database, seats: Seats): Pick<Leases, 'take' | 'takeOver' | 'release'> {
  // The tokens given through this store, so that it gives back what is its own and nothing else.
  const given = new Map<number, number>()
  const grant = (seat: Seat, holder: Holder, at: number): Lease => {
    const token = seats.nextToken()
    seats.reseat(seat.change, token, holder, at)
    given.set(seat.change, token)
    return { target: seat.target, change: idOf(seat.change), token }
  }
  const take = (change: number, holder: Holder, at: number): Lease | null => {
    const seat = seats.of(change)
    if (seat === undefined || !mayTake(seats, seat, holder, at)) return null
    if (seat.token !== null) return { target: seat.target, change: idOf(change), token: seat.token }
    // Whoever holds the target still is dead and at its end, or this change might not take it.
    for (const other of seats.before(change, seat.target)) if (other.over === 1) seats.leave(other.change)
    return grant(seat, holder, at)
  }
  const takeOver = (change: number, holder: Holder, at: number): Lease | null => {
    const seat = seats.of(change)
    if (seat === undefined || seat.token === null || seat.over === 1 || seats.isAlive(seat, at)) return null
    return grant(seat, holder, at)
  }
  return {
    take: async (change, holder, at) => {
      const number = numbered(change)
      // Who waits asks often: the look before needs no lock, and so hinders nobody.
      const seat = seats.of(number)
      if (seat === undefined || !mayTake(seats, seat, holder, at)) return null
      return database.write(() => take(number, holder, at))
    },
    takeOver: (change, holder, at) => database.write(() => takeOver(numbered(change), holder, at)),
    release: (change) => database.write(() => release(seats, given, numbered(change))),
  }
}

function mayTake(seats: Seats, seat: Seat, holder: Holder, at: number): boolean {
  if (!isSame(seat, holder) || seat.over === 1) return false
  if (seat.token !== null) return true
  return !seats.before(seat.change, seat.target).some((other) => stands(seats, other, at))
}

/** Whether others have to wait for this seat. */
function stands(seats: Seats, seat: Seat, at: number): boolean {
  if (seat.over === 1) return seat.token !== null && seats.isAlive(seat, at)
  return seat.token !== null || seats.isAlive(seat, at)
}

function release(seats: Seats, given: Map<number, number>, change: number): void {
  const seat = seats.of(change)
  const mine = given.get(change)
  given.delete(change)
  if (seat === undefined) return
  if (seat.token === null || seat.over === 1 || seat.token === mine) seats.leave(change)
}

function adopting(database: Database, seats: Seats): Pick<Leases, 'adopt' | 'orphans' | 'beat'> {
  const open = database.query<{ number: number }>('select number from changes where over = 0 order by number')
  const target = database.query<{ target: string }>(
    'select target from changes where number = ? and over = 0',
  )
  const adopt = (change: number, holder: Holder, at: number): boolean => {
    const row = target.one(change)
    if (row === undefined) return false
    const seat = seats.of(change)
    if (seat === undefined) seats.sit(change, row.target, holder, at)
    else if (isSame(seat, holder)) return true
    else if (seat.token !== null || seats.isAlive(seat, at)) return false
    else seats.reseat(change, null, holder, at)
    return true
  }
  return {
    adopt: (change, holder, at) => database.write(() => adopt(numbered(change), holder, at)),
    orphans: async (at) => {
      const held = (seat: Seat | undefined): boolean => seat !== undefined && seats.isAlive(seat, at)
      return open.all().flatMap((row) => (held(seats.of(row.number)) ? [] : [idOf(row.number)]))
    },
    beat: async (holder, at) => {
      // Who holds nothing has nothing to say: an idle process writes nothing.
      if (seats.isSeated(holder)) await database.write(() => seats.beat(holder, at))
    },
  }
}

type Standing = Pick<Link, 'line' | 'prev' | 'hash'> & Readonly<{ token: number | null }>

function lining(database: Database): Leases['lines'] {
  const standing = database.query<Standing>(
    `select p.token, e.line, e.prev, e.hash
      from places p join changes c on c.number = p.change join entries e on e.seq = c.ordered
      where c.over = 0 order by p.target, p.change`,
  )
  return async () => {
    const lines = new Map<string, Line>()
    for (const row of standing.all()) {
      const place = placeOf(row)
      const line = lines.get(place.target) ?? { target: place.target, holder: null, waiting: [] }
      lines.set(place.target, withPlace(line, place, row.token))
    }
    return [...lines.values()]
  }
}

function withPlace(line: Line, place: Place, token: number | null): Line {
  if (token !== null) return { ...line, holder: { ...place, token } }
  return { ...line, waiting: [...line.waiting, place] }
}

function placeOf(row: Standing): Place {
  const entry = entryOf(row)
  if (entry.type !== 'ordered') throw new Error(`${entry.change} does not begin with its order`)
  const { target, who, why } = entry.order
  return { change: entry.change, target, who, why, since: entry.at }
}
