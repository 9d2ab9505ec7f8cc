import type { TeamConfig } from '../config/config.ts'
import { hostAddress } from '../config/find.ts'
import type { Kind } from '../pipeline/kind.ts'
import { targetOf } from './deployment.ts'
import { type DeployWorld, doneChanges, secretsOf } from './deploy-world.ts'
import { changeBefore, deploymentOf, liveChange } from './history.ts'
import { lookAt } from './plan/look.ts'
import { mustBeKept } from './plan/release.ts'
import { makePlan } from './plan/make-plan.ts'
import { runDeploy } from './work/runner.ts'
import { readWish } from './wish.ts'
import type { Json } from '../change/json.ts'
import type { Change } from '../change/change.ts'
import type { Deployment } from './deployment.ts'

/** The kind `deploy`: a commit of an app becomes what its hosts run. */
export function deployKind(world: DeployWorld): Kind {
  return {
    name: 'deploy',
    accept: async (wish) => {
      const read = readWish(wish, await world.config())
      return { target: targetOf(read.app, read.environment), wish: read }
    },
    plan: (desk) => makePlan(world, desk),
    run: async (work) => {
      const config = await world.config()
      const bench = {
        remote: world.remote,
        scripts: world.scripts,
        stateDir: world.stateDir,
        shelf: world.shelf,
        address: (host: string) => hostAddress(world, config, host),
        secrets: (deployment: Deployment) => secretsOf(world, deployment),
      }
      return runDeploy(bench, work)
    },
    inForce: async (target) => liveChange(await doneChanges(world.store, target))?.id ?? null,
    revert: async (change) => {
      const before = changeBefore(await doneChanges(world.store, change.order.target), change)
      const deployment = deploymentOf(before)
      if (deployment !== null) await mustBeKept(world.stateDir, deployment)
      return again(before, null)
    },
    heal: (change, host) => heal(world, change, host),
  }
}

/** The wish for what a finished change had made live. */
function again(change: Change, hosts: readonly string[] | null): Json {
  const deployment = deploymentOf(change)
  if (deployment === null) throw new Error(`${change.id} is done without a plan`)
  const { app, environment, commit } = deployment
  return { app, environment, ref: commit, again: change.id, ...(hosts === null ? {} : { hosts }) }
}

/** A host that is back gets what its environment has by now. */
async function heal(world: DeployWorld, change: Change, host: string): Promise<Json | null> {
  const live = liveChange(await doneChanges(world.store, change.order.target))
  const deployment = live === null ? null : deploymentOf(live)
  const config: TeamConfig = await world.config()
  if (live === null || deployment === null || config.hosts[host] === undefined) return 'in place'
  const { remote, scripts } = world
  const facts = await lookAt({ remote, scripts, deployment, say: () => {} }, hostAddress(world, config, host))
  if (facts === null) return null
  const slot = facts.live === null ? null : facts.slots[facts.live]
  const isRight =
    slot?.release === deployment.release && slot.specHash === deployment.specHash && !facts.isFlipping
  return isRight && slot.pid > 0 ? 'in place' : again(live, [host])
}
