import type { JobSpec } from '../jobs/job.ts'
import { furnish, giveAway, userOf } from '../sandbox/furnish.ts'
import { sandboxArgv } from '../sandbox/sandbox.ts'
import { requireServices, serviceScripts } from '../sandbox/services.ts'
import { networkOf, requireSandbox, systemParts } from '../sandbox/system.ts'
import { memoryLimit } from '../supervisor/memory.ts'
import { type JobOrder, usualLimits } from '../supervisor/order.ts'
import type { JobWorld } from './ci-world.ts'
import { envOf } from './job-env.ts'
import type { Laid } from './prepare.ts'

/** Throws where this machine cannot run such a job. */
export function mustRunHere({ services, network, from: where }: JobSpec): void {
  requireSandbox()
  requireServices(services, { where, network: networkOf(network) })
}

/** A job in a sandbox of this machine. */
export async function orderHere(world: JobWorld, laid: Laid): Promise<JobOrder> {
  const { attempt, work, secrets, tell } = laid
  const { spec, folder, seat, startedAt } = attempt
  const user = userOf(seat)
  const network = networkOf(spec.network)
  const given = [...(await furnish(work, { user, network })), ...serviceScripts(spec.services)]
  await giveAway(work, user)
  const system = systemParts(network)
  const box = { work, user, system, network, hidden: world.hidden, given, services: spec.services }
  if (network === 'shared') await tell(sharedNetwork)
  return {
    folder,
    argv: sandboxArgv(box, spec.run),
    env: envOf(laid),
    ownNetwork: network === 'own',
    carried: null,
    secrets: Object.values(secrets),
    sinceStartMs: world.now() - startedAt,
    limits: { ...usualLimits, runMs: spec.limitMs, memoryBytes: memoryLimit(spec.memoryBytes) },
  }
}

const sharedNetwork =
  'this job shares the network of the machine, and reaches what listens on its loopback: `apt-get install slirp4netns` ' +
  'gives it one of its own'
