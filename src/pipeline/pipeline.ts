import type { Entry, Happening } from '../change/entry.ts'
import type { ChangeId, Door, Order } from '../change/order.ts'
import type { Plan } from '../change/plan.ts'
import { isOver, statusOf } from '../change/status.ts'
import { TroubleError } from '../change/trouble.ts'
import { drive, goesOnLater, takeUp, withdraw } from './drive.ts'
import { kindOf } from './job.ts'
import type { Hands } from './stages.ts'
import type { World } from './world.ts'

const silent = (): void => {}

export type Pipeline = Readonly<{
  /** The one way in: records the order and starts it. Resolves as soon as it is in the ledger. */
  propose: (order: Order) => Promise<ChangeId>
  /** What `propose` would do with this order, without recording or changing anything. */
  plan: (order: Order) => Promise<Plan>
  stop: (change: ChangeId, who: string, door: Door) => Promise<void>
  overrule: (change: ChangeId, who: string, why: string) => Promise<void>
  /** Takes up what dead processes left open. Resolves when all of it is being driven, `idle` when it has ended. */
  resume: () => Promise<readonly ChangeId[]>
  /** To be told of every new entry, also of other processes: that is how a stop reaches the one who drives. */
  heard: (entry: Entry) => void
  /** Takes nothing up from now on, and lets go of what still waits in line: the next process takes its place there. */
  retire: () => void
  driving: () => readonly Driving[]
  /** Resolves when nothing is being driven here any more. */
  idle: () => Promise<void>
}>

/** A change that is being driven here, and since when. */
export type Driving = Readonly<{ change: ChangeId; since: number }>

type Driven = {
  readonly since: number
  readonly stop: AbortController
  readonly letGo: AbortController
  overruled: boolean
  ended: Promise<void>
}

/** Makes the pipeline. `broke` is called with what is thrown by a change's driver: that is always a bug. */
export function makePipeline(world: World, broke: (change: ChangeId, thrown: unknown) => void): Pipeline {
  const driven = new Map<ChangeId, Driven>()
  let isRetired = false

  const take = (change: ChangeId, life: (hands: Hands) => Promise<void>): void => {
    const [stop, letGo] = [new AbortController(), new AbortController()]
    const one: Driven = { since: world.now(), stop, letGo, overruled: false, ended: Promise.resolve() }
    driven.set(change, one)
    if (isRetired) letGo.abort()
    one.ended = life({ stop: stop.signal, letGo: letGo.signal, isOverruled: () => one.overruled })
      .catch((thrown: unknown) => broke(change, thrown))
      .finally(() => driven.delete(change))
  }

  // Only the first of our own orders for a target asks the store whether it is its turn; the others wait behind it.
  const lastOf = new Map<string, Promise<void>>()
  const propose = async (order: Order): Promise<ChangeId> => {
    if (isRetired) throw new TroubleError(retiring)
    const change = await world.store.ledger.order(order, world.now(), world.holder)
    const before = lastOf.get(order.target) ?? Promise.resolve()
    take(change, async (hands) => {
      await Promise.race([before, aborted(hands.stop), aborted(hands.letGo)])
      await drive(world, change, order, hands)
    })
    const ended = driven.get(change)?.ended ?? Promise.resolve()
    lastOf.set(order.target, ended)
    void ended.then(() => lastOf.get(order.target) === ended && lastOf.delete(order.target))
    return change
  }

  const plan = (order: Order): Promise<Plan> => {
    const signal = new AbortController().signal
    return kindOf(world, order.kind).plan({ change: null, order, say: silent, signal })
  }

  const takeUpAll = async () => (isRetired ? [] : resume(world, (change) => driven.has(change), take))

  const retire = (): void => {
    isRetired = true
    for (const { letGo } of driven.values()) letGo.abort()
  }

  const heard = (entry: Entry): void => {
    const one = driven.get(entry.change)
    if (entry.type === 'stop-asked') one?.stop.abort(entry.who)
    if (entry.type === 'overruled' && one !== undefined) one.overruled = true
  }

  const idle = async (): Promise<void> => {
    while (driven.size > 0) await Promise.all([...driven.values()].map(({ ended }) => ended))
  }

  return {
    propose,
    plan,
    stop: async (change, who, door) => {
      await ask(world, change, { type: 'stop-asked', who, door })
      // One that was left to the next hub goes on no more, and whoever is there undoes it.
      await takeUpAll()
    },
    overrule: (change, who, why) => ask(world, change, { type: 'overruled', who, why }),
    resume: takeUpAll,
    heard,
    retire,
    driving: () => [...driven].map(([change, { since }]) => ({ change, since })),
    idle,
  }
}

const retiring = {
  what: 'this hub is about to end and takes no more orders',
  now: 'order it again when the next one is up',
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))

async function ask(world: World, change: ChangeId, wanted: Happening): Promise<void> {
  const entries = await world.store.ledger.of(change)
  if (entries.length === 0) {
    throw new TroubleError({
      what: `there is no change ${change}`,
      now: 'see `tandem log` for those there are',
    })
  }
  const status = statusOf(entries)
  if (isOver(status)) {
    throw new TroubleError({
      what: `${change} has ended already: ${status}`,
      now: `\`tandem revert ${change}\` takes a finished change back`,
    })
  }
  await world.store.ledger.append(change, [wanted], world.now(), null)
}

/** A hub goes on with orders that still wait; a command that runs by itself does not carry out what others wanted. */
async function resume(
  world: World,
  isMine: (change: ChangeId) => boolean,
  take: (change: ChangeId, life: (hands: Hands) => Promise<void>) => void,
): Promise<readonly ChangeId[]> {
  const orphans = (await world.store.leases.orphans(world.now())).filter((change) => !isMine(change))
  const taken: ChangeId[] = []
  for (const change of orphans) {
    const entries = await world.store.ledger.of(change)
    const first = entries[0]
    if (first?.type !== 'ordered' || isForHubs(world, first.order, entries)) continue
    taken.push(change)
    if (statusOf(entries) === 'waiting') await takePlace(world, change, first.order, take)
    else {
      const lease = await world.store.leases.takeOver(change, world.holder, world.now())
      if (lease !== null) take(change, (hands) => takeUp(world, lease, hands))
    }
  }
  return taken
}

/** What goes on for days is not undone by a command that comes by while no hub is there. */
const isForHubs = (world: World, order: Order, entries: readonly Entry[]): boolean =>
  world.holder.kind !== 'hub' && statusOf(entries) === 'running' && goesOnLater(world, order, entries)

async function takePlace(
  world: World,
  change: ChangeId,
  order: Order,
  take: (change: ChangeId, life: (hands: Hands) => Promise<void>) => void,
): Promise<void> {
  if (!(await world.store.leases.adopt(change, world.holder, world.now()))) return
  if (world.holder.kind === 'hub') take(change, (hands) => drive(world, change, order, hands))
  else await withdraw(world, change, order.who, 'the command that ordered it died while it waited')
}
