import { numberOf } from '../chain.ts'
import type { Database } from './database.ts'
import { type Beating, isAlive, type Machine } from '../holder.ts'
import type { Holder, Lease } from '../store.ts'

/** A change's place in the line of its target; with a token it holds the target. */
export type Seat = Beating & Readonly<{ change: number; target: string; token: number | null; over: 0 | 1 }>

/** The line of every target, as rows. What alters them is called inside `database.write` only. */
export type Seats = Readonly<{
  sit: (change: number, target: string, holder: Holder, at: number) => void
  /** Gives the seat to another holder, with a token or without. */
  reseat: (change: number, token: number | null, holder: Holder, at: number) => void
  leave: (change: number) => void
  beat: (holder: Holder, at: number) => void
  of: (change: number) => Seat | undefined
  isSeated: (holder: Holder) => boolean
  /** Those who hold the target or stand before a waiting change in its line. */
  before: (change: number, target: string) => readonly Seat[]
  isCurrent: (lease: Lease) => boolean
  isAlive: (seat: Seat, at: number) => boolean
  /** A token higher than every one given before. */
  nextToken: () => number
}>

const columns = `p.change, p.target, p.token, p.pid, p.started, p.boot, p.beat, p.uptime, c.over
  from places p join changes c on c.number = p.change`

export function openSeats(database: Database, machine: Machine): Seats {
  const of = database.query<Seat>(`select ${columns} where p.change = ?`)
  const before = database.query<Seat>(
    `select ${columns} where p.target = ? and (p.token is not null or p.change < ?)`,
  )
  const seated = database.query('select 1 from places where pid = ? and started = ? and boot = ? limit 1')
  const leave = database.command('delete from places where change = ?')
  const fence = database.query<{ token: number }>('update fence set last = last + 1 returning last as token')
  return {
    ...sitting(database, machine),
    leave: (change) => void leave(change),
    of: (change) => of.one(change),
    isSeated: ({ pid, started, boot }) => seated.one(pid, started, boot) !== undefined,
    before: (change, target) => before.all(target, change),
    isCurrent: (lease) => {
      const seat = of.one(numberOf(lease.change))
      return seat !== undefined && seat.token === lease.token && seat.target === lease.target
    },
    isAlive: (seat, at) => isAlive(seat, machine, at),
    nextToken: () => {
      const token = fence.one()?.token
      if (token === undefined) throw new Error('the store has no counter of lease tokens')
      return token
    },
  }
}

function sitting(database: Database, machine: Machine): Pick<Seats, 'sit' | 'reseat' | 'beat'> {
  const sit = database.command(
    `insert into places (change, target, pid, started, boot, kind, beat, uptime) values (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const reseat = database.command(
    `update places set token = ?, pid = ?, started = ?, boot = ?, kind = ?, beat = ?, uptime = ? where change = ?`,
  )
  const beat = database.command(
    'update places set beat = ?, uptime = ? where pid = ? and started = ? and boot = ?',
  )
  return {
    sit: (change, target, { pid, started, boot, kind }, at) =>
      void sit(change, target, pid, started, boot, kind, at, machine.uptimeMs()),
    reseat: (change, token, { pid, started, boot, kind }, at) =>
      void reseat(token, pid, started, boot, kind, at, machine.uptimeMs(), change),
    beat: ({ pid, started, boot }, at) => void beat(at, machine.uptimeMs(), pid, started, boot),
  }
}
