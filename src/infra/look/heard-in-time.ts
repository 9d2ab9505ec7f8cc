import type { Store } from '../../store/store.ts'
import type { Sight } from './sights.ts'

const room = 'infra away'
/** Those who have answered wait so long for the others, or three times as long as they took themselves. */
const graceMs = 2_000
const graceTimes = 3

export type HeardWorld = Readonly<{ store: Store; now: () => number }>

/**
 * Looks at all hosts at once. One that is silent while most of the others have answered is away: it must not hold them
 * up for as long as a connection may take. A host that was away before has no such grace; it is heard if it is as quick
 * as the rest. One host alone is waited for to the end.
 */
export async function heardInTime(
  world: HeardWorld,
  hosts: readonly string[],
  look: (host: string) => Promise<Sight>,
): Promise<readonly Sight[]> {
  if (hosts.length === 0) return []
  const away = new Set((await world.store.records.list(room)).map(({ key }) => key))
  const known = hosts.filter((host) => !away.has(host))
  const waitedFor = known.length > 0 ? known : hosts
  const found = new Map<string, Sight>()
  const looks = hosts.map(async (host) => {
    found.set(host, await look(host))
  })
  // A host that refuses is thrown below, at once or when it is late.
  const all = Promise.all(looks)
  await Promise.race([all, mostHeard(world, waitedFor, found)])
  all.catch(() => {})
  const sights = hosts.map(
    (host): Sight =>
      found.get(host) ?? { type: 'away', host, why: `${host} was silent while the others answered` },
  )
  await remember(world, sights, away)
  return sights
}

const lookAgainMs = 20

/** Resolves when all of `waitedFor` have answered, or most of them and the grace is over. */
async function mostHeard(
  { now }: HeardWorld,
  waitedFor: readonly string[],
  found: ReadonlyMap<string, Sight>,
): Promise<void> {
  const began = now()
  let mostAt: number | null = null
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
    const heard = waitedFor.filter((host) => found.has(host)).length
    if (heard === waitedFor.length) return
    if (waitedFor.length === 1 || heard * 2 < waitedFor.length) continue
    mostAt ??= now()
    if (now() - began >= Math.max(mostAt - began + graceMs, (mostAt - began) * graceTimes)) return
  }
}

async function remember(
  { store, now }: HeardWorld,
  sights: readonly Sight[],
  away: ReadonlySet<string>,
): Promise<void> {
  for (const { host, type } of sights) {
    if (type === 'away' && !away.has(host)) await store.records.put(room, host, now())
    if (type === 'seen' && away.has(host)) await store.records.remove(room, host)
  }
}
