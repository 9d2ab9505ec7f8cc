import { changeOf } from '../change/change.ts'
import type { Json } from '../change/json.ts'
import type { ChangeId } from '../change/order.ts'
import { NotNowError, TroubleError } from '../change/trouble.ts'
import type { Kind } from '../pipeline/kind.ts'
import type { FlipWish } from '../api/wire/flags.ts'
import type { Book } from './book.ts'
import { knownEnvironment } from './environments.ts'
import type { FlagWorld } from './flag-world.ts'
import { flagIn } from './plan/flag-in.ts'
import { planFlip } from './plan/plan-flip.ts'
import { movesOf, refuseMistakes } from './plan/plan-write.ts'
import { runFlip } from './runner.ts'
import { flagTarget, targetOf } from './target.ts'
import { refuseQueries } from './watch/refuse-queries.ts'
import { readWish } from './wish.ts'

/** The kind `flip`: old rules and new rules become a plan. */
export function flagKind(world: FlagWorld, book: Book): Kind {
  return {
    name: 'flip',
    // A rollout may take days, and hubs are restarted.
    goesOn: true,
    accept: (wish) => acceptFlip(world, book, wish),
    plan: async ({ order }) => {
      await book.catchUp()
      return planFlip({ world, book }, readWish(order.wish))
    },
    run: async (work) => runFlip(world, book, work),
    inForce: (target) => inForce(world, target),
    revert: async ({ id }) => ({ do: 'undo', change: id }),
    heal: async () => null,
  }
}

/** What can be said at once is: the plan says it again when it is this change's turn. */
export async function acceptFlip(
  world: FlagWorld,
  book: Book,
  written: Json,
): Promise<Readonly<{ target: string; wish: Json }>> {
  const wish = readWish(written)
  await book.catchUp()
  if (wish.do === 'undo') return { target: await targetOfChange(world, wish.change), wish: written }
  await knownEnvironment(world, book, wish.environment)
  const environment = book.environment(wish.environment)
  if (wish.do === 'write') refuseMistakes(environment, movesOf(environment, wish))
  else flagIn(environment, wish.flag)
  await refuseQueries(world, wish)
  refuseWhileRolling(book, wish)
  return { target: targetOf(wish), wish: written }
}

/** A rollout may go on for days: who wants something else meanwhile is not left waiting behind it. */
function refuseWhileRolling(book: Book, wish: Exclude<FlipWish, { do: 'undo' }>): void {
  if (wish.do === 'switch') return
  const keys =
    wish.do === 'roll' ? [wish.flag] : wish.items.flatMap((item) => ('flag' in item ? [item.flag] : []))
  for (const key of keys) {
    const rollout = book.rolling(flagTarget(key, wish.environment))
    if (rollout !== null)
      throw new NotNowError({
        what: `${key} in ${wish.environment} is being rolled out by ${rollout.who} with ${rollout.change}`,
        now: `wait for its end, or take it back with \`tandem stop ${rollout.change}\`; the switch works at any time`,
      })
  }
}

async function targetOfChange({ store }: FlagWorld, change: ChangeId): Promise<string> {
  const [first] = await store.ledger.of(change)
  if (first?.type === 'ordered' && first.order.kind === 'flip') return first.order.target
  throw new TroubleError({
    what: `${change} is no change of flags`,
    now: 'see `tandem log` for those there are',
  })
}

const changesRead = 100

/** The newest flip of a target that altered something, takes nothing back, and that nobody has taken back. */
async function inForce({ store }: FlagWorld, target: string): Promise<ChangeId | null> {
  for (const id of await store.ledger.changes({ target, before: null, limit: changesRead })) {
    const change = changeOf(await store.ledger.of(id), await store.ledger.revertedBy(id))
    const { status, plan, revertedBy, order } = change
    if (status !== 'done' || plan === null || revertedBy !== null || order.reverts !== null) continue
    if (plan.stages.length > 0) return id
  }
  return null
}
