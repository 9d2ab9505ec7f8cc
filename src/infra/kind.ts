import type { Change } from '../change/change.ts'
import type { Json } from '../change/json.ts'
import type { Plan } from '../change/plan.ts'
import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import type { Desk, Kind } from '../pipeline/kind.ts'
import { configToUndo, worldFor } from './as-of.ts'
import { heal } from './heal.ts'
import { inForce } from './in-force.ts'
import { type InfraWorld, infraTarget } from './infra-world.ts'
import { onlyLooking } from './look/only-looking.ts'
import { outcomeOf } from './outcome.ts'
import { planNote } from './orders/plan-note.ts'
import { planRecipes, type Stash } from './orders/plan-recipes.ts'
import { planRun, runTarget } from './orders/plan-run.ts'
import { planUndo } from './orders/plan-undo.ts'
import { runInfra } from './work/runner.ts'
import { changeToUndo, readWish, type Wish, writtenWish } from './wish.ts'

/** The kind `apply`: what recipes say becomes what hosts have. */
export function infraKind(world: InfraWorld): Kind {
  // What a plan needs and no ledger may hold: the bytes of files, secrets among them. Gone with the process, and with
  // it the only ones who could have used it: a change that was interrupted is undone.
  const stash: Stash = new Map()
  return {
    name: 'apply',
    accept: async (written) => {
      const meant = await worldFor(world, written)
      const wish = named(readWish(written, await meant.config()), meant.commit)
      return { target: wish.do === 'run' ? runTarget() : infraTarget, wish: writtenWish(wish) }
    },
    plan: (desk) => plan(world, desk, stash),
    run: async (work) => runInfra({ world, work, stash, config: await configFor(world, work.order.wish) }),
    inForce: (target) => inForce(world, target),
    revert: async (change) => revert(change),
    heal: (change, host) => heal(world, change, host),
  }
}

async function plan(world: InfraWorld, desk: Desk, stash: Stash): Promise<Plan> {
  const config = await configFor(world, desk.order.wish)
  const wish = readWish(desk.order.wish, config)
  switch (wish.do) {
    case 'recipes': {
      const meant = await worldFor(world, desk.order.wish)
      const remote = desk.change === null ? onlyLooking(meant.remote, desk.signal) : meant.remote
      return planRecipes({ world: { ...meant, remote }, config, desk, stash }, wish)
    }
    case 'undo':
      return planUndo({ world, config, desk }, wish)
    case 'run':
      return planRun(config, wish)
    case 'note':
      return planNote(wish)
  }
}

/** Names move, hashes do not: what is ordered is this commit, whatever is pushed meanwhile. */
const named = (wish: Wish, commit: string | null): Wish =>
  wish.do === 'recipes' ? { ...wish, commit } : wish

/** `tandem.ts` as an order means it. */
async function configFor(world: InfraWorld, wish: Json): Promise<TeamConfig> {
  const change = changeToUndo(wish)
  return change === null ? (await worldFor(world, wish)).config() : configToUndo(world, change)
}

function revert(change: Change): Json {
  if (change.plan === null) throw new Error(`${change.id} is done without a plan`)
  const { do: did } = outcomeOf(change.plan)
  if (did === 'recipes' || did === 'undo') return { do: 'undo', change: change.id }
  throw new TroubleError({
    what:
      did === 'run'
        ? `${change.id} ran a command: nobody knows its opposite`
        : `${change.id} only wrote down what was found`,
    now: did === 'run' ? 'take it back by hand, or by a recipe' : 'put the hosts right: tandem apply --drift',
  })
}
