import type { Store } from '../../store/store.ts'
import type { Sight } from './sights.ts'

/** Hosts that were not heard in time, by name: whether nothing came of them at all, or an answer that was late. */
const room = 'infra away'
type Away = 'silent' | 'late'

/**
 * Once most have answered, the rest are waited for while answers keep coming: until there was none for as long. A host
 * that has much to do begins a program a second or two later than one that has not, and is there all the same.
 */
const usualQuietMs = 3_000
/** Or for this part of the time since all were asked, when that is longer. */
const quietPart = 0.5
const lookAgainMs = 20

export type HeardWorld = Readonly<{ store: Store; now: () => number }>

/**
 * Looks at all hosts at once. One that is silent when most of the others have answered is away: it must not hold them up
 * for as long as a connection may take. One that was silent the last time is not waited for at all, and is heard if it is
 * as quick as the rest; one whose answer came late is waited for to the end, and so is a host alone.
 */
export async function heardInTime(
  world: HeardWorld,
  hosts: readonly string[],
  look: (host: string) => Promise<Sight>,
  quietMs: number = usualQuietMs,
): Promise<readonly Sight[]> {
  if (hosts.length === 0) return []
  const away = await awayBefore(world)
  const known = hosts.filter((host) => away.get(host) !== 'silent')
  const waiting = {
    hosts: known.length > 0 ? known : hosts,
    late: hosts.filter((host) => away.has(host)),
    quietMs,
  }
  const found = new Map<string, Sight>()
  const over = new AbortController()
  const looks = hosts.map(async (host) => {
    const sight = await look(host)
    if (over.signal.aborted) await rememberLate(world, sight)
    else found.set(host, sight)
  })
  const all = Promise.all(looks)
  try {
    await Promise.race([all, mostHeard(world, waiting, { found, over: over.signal })])
  } finally {
    // Also when a host has refused: nobody waits for the others any more.
    over.abort()
  }
  // A host that refuses has been thrown by now, unless it is late: then the next look will tell.
  all.catch(() => {})
  const sights = hosts.map(
    (host): Sight =>
      found.get(host) ?? { type: 'away', host, why: `${host} was silent while the others answered` },
  )
  await remember(world, sights, away)
  return sights
}

type Waiting = Readonly<{
  hosts: readonly string[]
  /** They are known to take their time. */
  late: readonly string[]
  quietMs: number
}>

/** Resolves when all have answered, or most of them and nobody else for a while. */
async function mostHeard(
  { now }: HeardWorld,
  { hosts, late, quietMs }: Waiting,
  { found, over }: Readonly<{ found: ReadonlyMap<string, Sight>; over: AbortSignal }>,
): Promise<void> {
  const began = now()
  const last = { heard: 0, at: began }
  while (!over.aborted) {
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
    const heard = hosts.filter((host) => found.has(host)).length
    if (heard === hosts.length) return
    if (heard > last.heard) Object.assign(last, { heard, at: now() })
    const isPatient = hosts.length === 1 || hosts.some((host) => late.includes(host) && !found.has(host))
    if (isPatient || heard * 2 < hosts.length) continue
    if (now() - last.at >= Math.max(quietMs, (last.at - began) * quietPart)) return
  }
}

async function awayBefore({ store }: HeardWorld): Promise<ReadonlyMap<string, Away>> {
  const kept = await store.records.list(room)
  return new Map(kept.map(({ key, value }) => [key, value === 'late' ? 'late' : 'silent'] as const))
}

async function remember(
  { store }: HeardWorld,
  sights: readonly Sight[],
  away: ReadonlyMap<string, Away>,
): Promise<void> {
  for (const { host, type } of sights) {
    if (type === 'away' && away.get(host) !== 'silent')
      await store.records.put(room, host, 'silent' satisfies Away)
    if (type === 'seen' && away.get(host) === 'silent') await store.records.remove(room, host)
  }
}

/** It is there after all, and slower than the others. */
async function rememberLate({ store }: HeardWorld, { host, type }: Sight): Promise<void> {
  if (type === 'seen') await store.records.put(room, host, 'late' satisfies Away)
}
