import type { Change } from '../change/change.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Deployment } from './deployment.ts'

export const deploymentOf = (change: Change): Deployment | null =>
  change.plan === null ? null : (change.plan.outcome as unknown as Deployment)

/**
 * The deployments that a target has had, oldest first, the live one last, as a stack: a revert takes the change it
 * names, and all that came after it, off again. `done` are the finished changes of one target, oldest first.
 */
export function stackOf(done: readonly Change[]): readonly Change[] {
  const stack: Change[] = []
  for (const change of done) {
    const undoes = stack.findIndex(({ id }) => id === change.order.reverts)
    if (undoes > 0) stack.length = undoes
    else if (!isHealing(change)) stack.push(change)
  }
  return stack
}

/** A healing change brings one host to what the others have: it makes nothing new live. */
export function isHealing({ order }: Change): boolean {
  const { wish } = order
  return typeof wish === 'object' && wish !== null && 'hosts' in wish && wish.hosts !== null
}

/** What is live on the target, and what `revert` takes back when no change is named. */
export const liveChange = (done: readonly Change[]): Change | null => stackOf(done).at(-1) ?? null

/** The change whose deployment was live before this finished one. */
export function changeBefore(done: readonly Change[], change: Change): Change {
  const stack = stackOf(done)
  const at = stack.findIndex(({ id }) => id === change.id)
  const until = done.slice(
    0,
    done.findIndex(({ id }) => id === change.id),
  )
  const before = at > 0 ? stack[at - 1] : at === 0 ? undefined : liveChange(until)
  if (before !== undefined && before !== null) return before
  throw new TroubleError({
    what: `${change.id} is the first deploy of ${change.order.target}: there is nothing to go back to`,
    now: 'deploy another commit',
  })
}
