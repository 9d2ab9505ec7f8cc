import { randomBytes } from 'node:crypto'
import type { ScheduleView, ScheduleWish } from '../api/wire/flags.ts'
import type { Json } from '../change/json.ts'
import type { Order } from '../change/order.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Book } from './book.ts'
import type { FlagWorld } from './flag-world.ts'

type Accept = (wish: Json) => Promise<Readonly<{ target: string; wish: Json }>>

/** Nobody plans further than that, and a slip in the year is told. */
const longestMs = 366 * 86_400_000
const schedulesLimit = 500

/** Flips that wait for their time. They are in the ledger from the moment they were asked for, like all that is to happen. */
export type Schedules = Readonly<{
  list: () => Promise<readonly ScheduleView[]>
  /** Throws a TroubleError for a time that is none, or a wish that cannot be. */
  add: (wish: ScheduleWish) => Promise<ScheduleView>
  /** Throws a TroubleError where there is none. */
  cancel: (id: string, who: string, why: string) => Promise<void>
}>

export function schedulesOf({ store, now }: FlagWorld, book: Book, accept: Accept): Schedules {
  const list = async (): Promise<readonly ScheduleView[]> => {
    await book.catchUp()
    return book.schedules().toSorted((a, b) => a.due - b.due)
  }
  return {
    list,
    add: async ({ wish, who, why, due }) => {
      refuseTime(due, now())
      if ((await list()).length >= schedulesLimit)
        throw new TroubleError({ what: `${schedulesLimit} flips wait already`, now: 'take some back first' })
      const accepted = await accept(wish as unknown as Json)
      const id = `s${randomBytes(4).toString('hex')}`
      const scheduled = { type: 'scheduled', id, wish: accepted.wish, due, who, why } as const
      await store.ledger.record(accepted.target, scheduled, now())
      return { id, target: accepted.target, wish, due, who, why }
    },
    cancel: async (id, who, why) => {
      const found = (await list()).find((one) => one.id === id)
      if (found === undefined)
        throw new TroubleError({
          what: `nothing waits by the name ${id.slice(0, 40)}`,
          now: 'see `tandem flag list`',
        })
      await store.ledger.record(found.target, { type: 'unscheduled', id, who, why }, now())
    },
  }
}

function refuseTime(due: number, now: number): void {
  const what =
    due <= now ? 'that time is over' : due - now > longestMs ? 'that is more than a year away' : null
  if (what !== null) throw new TroubleError({ what, now: 'give a time that is to come, within a year' })
}

/**
 * Orders what is due. That it was ordered is written after the order: who dies in between orders it twice, and the second
 * is refused by its rev, or finds nothing left to do.
 */
export async function orderDue(
  { store, now }: FlagWorld,
  book: Book,
  propose: (order: Order) => Promise<string>,
): Promise<void> {
  await book.catchUp()
  for (const { id, target, wish, who, why, due } of book.schedules()) {
    if (due > now()) continue
    const order = {
      kind: 'flip',
      target,
      wish: wish as unknown as Json,
      who,
      door: 'clock',
      why,
      reverts: null,
    } as const
    const change = await propose(order)
    await store.ledger.record(target, { type: 'unscheduled', id, who, why: `it was due: ${change}` }, now())
    await book.catchUp()
  }
}
