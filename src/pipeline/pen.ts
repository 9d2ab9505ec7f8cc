import type { Happening } from '../change/entry.ts'
import type { ChangeId } from '../change/order.ts'
import type { Lease } from '../store/store.ts'
import type { Say } from './kind.ts'
import type { World } from './world.ts'

/** Writes for one change under one lease: what is written here is on disk before it returns. */
export type Pen = Readonly<{
  change: ChangeId
  lease: Lease
  write: (...happenings: readonly Happening[]) => Promise<void>
  say: Say
}>

export function penOf(world: World, lease: Lease): Pen {
  return {
    change: lease.change,
    lease,
    write: (...happenings) => world.store.ledger.append(lease.change, happenings, world.now(), lease),
    say: sayFor(world, lease.change),
  }
}

/** Log lines are gathered for a moment, so that a chatty build costs one write and not ten thousand. */
export function sayFor(world: World, change: ChangeId): Say {
  let waiting: { change: ChangeId; at: number; step: string; host: string | null; text: string }[] = []
  const flush = (): void => {
    const lines = waiting
    waiting = []
    // What steps print is a courtesy: a disk that is full is told of by the ledger, and stops the change there.
    world.store.log.append(lines).catch(() => {})
  }
  return (step, host, text) => {
    if (waiting.length === 0) setImmediate(flush)
    waiting.push({ change, at: world.now(), step, host, text })
  }
}
