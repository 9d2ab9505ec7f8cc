import type { HostAddress } from '../../remote/remote.ts'
import type { JobRun } from '../../store/runs.ts'
import type { JobSpec } from '../jobs/job.ts'
import type { QueueWorld } from './ci-world.ts'

/**
 * The build host of a job: of those that may run it, one that has not lost it before, and that runs the fewest jobs. Null
 * for a job that runs here.
 */
export async function chooseHost(world: QueueWorld, spec: JobSpec, job: JobRun): Promise<HostAddress | null> {
  if (spec.on === null) return null
  const hosts = await world.hostsOf(spec.on)
  if (hosts === 'here') return null
  const busy = await runningOn(world)
  const load = ({ name }: HostAddress): number => busy.filter((host) => host === name).length
  const fresh = hosts.filter(({ name }) => name !== job.host)
  const [best = null] = (fresh.length > 0 ? fresh : hosts).toSorted((a, b) => load(a) - load(b))
  return best
}

async function runningOn(world: QueueWorld): Promise<readonly (string | null)[]> {
  const open = await world.runs.open()
  return open.flatMap(({ run }) =>
    run.jobs.filter(({ status }) => status === 'running').map(({ host }) => host),
  )
}
