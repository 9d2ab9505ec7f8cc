import { type Change, changeOf } from '../change/change.ts'
import type { TeamConfig } from '../config/config.ts'
import type { Store } from '../store/store.ts'
import { type Deployment, targetOf } from './deployment.ts'
import { doneChanges } from './deploy-world.ts'
import { changeBefore, deploymentOf, isHealing, liveChange } from './history.ts'

/** A deployment that must stay possible, and why. */
export type NeededDeployment = Readonly<{ deployment: Deployment; why: string }>

/** Any of so many changes of a target can be taken back at any time, however large their releases are. */
export const revertsKept = 20

/**
 * What is live, what each of the newest changes would bring back if it were taken back, and what open changes bring, or
 * would bring back once their turn comes.
 */
export async function neededDeployments(
  store: Store,
  config: TeamConfig,
): Promise<readonly NeededDeployment[]> {
  const targets = Object.entries(config.apps).flatMap(([app, { environments }]) =>
    Object.keys(environments).map((environment) => targetOf(app, environment)),
  )
  const settled = await Promise.all(
    targets.map(async (target) => neededOf(target, await doneChanges(store, target))),
  )
  return [...settled.flat(), ...(await neededByOpen(store))]
}

/** The settled part, out of the finished changes of one target, oldest first. */
export function neededOf(target: string, done: readonly Change[]): readonly NeededDeployment[] {
  const live = liveChange(done)
  const taken = new Set(done.map(({ order }) => order.reverts))
  const newest = done.filter((change) => !isHealing(change) && !taken.has(change.id)).slice(-revertsKept)
  return [
    ...named(live, `live on ${target}`),
    ...newest
      .toReversed()
      .flatMap((change) => named(before(done, change), `what reverting ${change.id} brings back`)),
  ]
}

/** The first deploy of a target has nothing before it. */
function before(done: readonly Change[], change: Change): Change | null {
  try {
    return changeBefore(done, change)
  } catch {
    return null
  }
}

function named(change: Change | null, why: string): readonly NeededDeployment[] {
  const deployment = change === null ? null : deploymentOf(change)
  return deployment === null ? [] : [{ deployment, why }]
}

async function neededByOpen(store: Store): Promise<readonly NeededDeployment[]> {
  const open = (await store.ledger.ofMany(await store.ledger.open())).map((entries) =>
    changeOf(entries, null),
  )
  const found = await Promise.all(
    open
      .filter(({ order }) => order.kind === 'deploy')
      .map(async (change) => {
        const again = againOf(change)
        const entries = again === null ? [] : await store.ledger.of(again)
        const old = entries.length === 0 ? null : changeOf(entries, null)
        return [
          ...named(change, `${change.id} is open`),
          ...named(old, `${change.id} waits to bring it back`),
        ]
      }),
  )
  return found.flat()
}

function againOf({ order: { wish } }: Change): string | null {
  return typeof wish === 'object' && wish !== null && 'again' in wish && typeof wish.again === 'string'
    ? wish.again
    : null
}

/** The commit that an open change waits to bring; null = it names none, or its plan says all. */
export function commitAwaited({
  order: { kind, wish },
  plan,
}: Change): Readonly<{ app: string; ref: string }> | null {
  if (kind !== 'deploy' || plan !== null || typeof wish !== 'object' || wish === null) return null
  if (!('app' in wish && 'ref' in wish)) return null
  return typeof wish.app === 'string' && typeof wish.ref === 'string'
    ? { app: wish.app, ref: wish.ref }
    : null
}
