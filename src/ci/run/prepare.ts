import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { JobRun, Run } from '../../store/runs.ts'
import { checkOut } from '../../vcs/check-out.ts'
import { artifactDir } from '../artifact/artifact.ts'
import { BUILD, type JobSpec } from '../jobs/job.ts'
import { emptyEnv, furnish, giveAway, userOf } from '../sandbox/furnish.ts'
import { sandboxArgv } from '../sandbox/sandbox.ts'
import { requireServices, serviceScripts } from '../sandbox/services.ts'
import { networkOf, requireSandbox, systemParts } from '../sandbox/system.ts'
import { memoryLimit } from '../supervisor/memory.ts'
import { jobFiles, type JobOrder, usualLimits } from '../supervisor/order.ts'
import { layCaches } from './cache-steps.ts'
import type { JobWorld } from './ci-world.ts'
import { say } from './say.ts'
import { layArtifact } from './unpack.ts'

/** One attempt of a job, about to begin. */
export type Attempt = Readonly<{
  run: Run
  job: JobRun
  spec: JobSpec
  /** Its folder; it is not there yet. */
  folder: string
  seat: number
  startedAt: number
}>

/** Makes everything that a job needs, without running a word of it. */
export async function prepare(world: JobWorld, attempt: Attempt): Promise<JobOrder> {
  const { run, job, spec, folder, seat, startedAt } = attempt
  refuseUnknown(spec)
  requireSandbox()
  const work = join(folder, jobFiles.work)
  const files = join(work, 'files')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const tell = (line: string): Promise<void> => say(folder, world.now() - startedAt, line)
  await say(folder, 0, firstLine(run, job))
  const secrets = await world.secretsFor(run, spec)
  const user = userOf(seat)
  const network = networkOf(spec.network)
  requireServices(spec.services, { where: spec.from, network })
  const given = [...(await furnish(work, { user, network })), ...serviceScripts(spec.services)]
  const release = run.jobs.find(({ name }) => name === BUILD)?.release ?? null
  for (const line of await layFiles(world, attempt, { files, release })) await tell(line)
  await layCaches(world, attempt, { files, tell })
  await giveAway(work, user)
  const system = systemParts(network)
  const box = { work, user, system, network, hidden: world.hidden }
  if (network === 'shared') await tell(sharedNetwork)
  return {
    folder,
    argv: sandboxArgv({ ...box, given, services: spec.services }, spec.run),
    env: { ...emptyEnv, ...factsOf(run, job, release), ...spec.matrix, ...spec.env, ...secrets },
    ownNetwork: network === 'own',
    secrets: Object.values(secrets),
    sinceStartMs: world.now() - startedAt,
    limits: { ...usualLimits, runMs: spec.limitMs, memoryBytes: memoryLimit(spec.memoryBytes) },
  }
}

const sharedNetwork =
  'this job shares the network of the machine, and reaches what listens on its loopback: `apt-get install slirp4netns` ' +
  'gives it one of its own'

/** What `tandem.ts` may say of a job and this hub cannot do. */
function refuseUnknown({ on, job, from: where }: JobSpec): void {
  if (on !== null) {
    const what = `${job} is to run on ${on}, and this hub runs jobs only itself`
    throw new TroubleError({ what, where, now: 'take `on` out of the job' })
  }
}

const firstLine = (run: Run, job: JobRun): string =>
  `${job.name} of ${run.commit.slice(0, 7)} on ${run.ref}, ${run.id}${job.attempt === 1 ? '' : ', once more'}`

/** The commit, and over it what `build` made of it. */
async function layFiles(
  world: JobWorld,
  { run, spec }: Attempt,
  { files, release }: Readonly<{ files: string; release: string | null }>,
): Promise<readonly string[]> {
  const { commit: hash, tree, subject } = run
  await checkOut(world.repoDir(run.repo), { hash, tree, subject, author: '', at: 0 }, files)
  if (spec.artifact?.part !== 'gets') return []
  if (release === null) {
    throw new TroubleError({
      what: `the job ${BUILD} made no artifact, and ${spec.job} needs it`,
      where: run.id,
      now: `run it again: \`tandem runs again ${run.id}\``,
    })
  }
  await layArtifact(artifactDir(world.stateDir), release, { files, at: spec.artifact.at })
  return [`release ${release.slice(0, 7)} is at ${spec.artifact.at}`]
}

/** What a job may want to know of itself. */
const factsOf = (run: Run, job: JobRun, release: string | null): Readonly<Record<string, string>> => ({
  TANDEM_RUN: run.id,
  TANDEM_JOB: job.name,
  TANDEM_ATTEMPT: String(job.attempt),
  TANDEM_REPO: run.repo,
  TANDEM_COMMIT: run.commit,
  TANDEM_REF: run.ref,
  ...(release === null ? {} : { TANDEM_RELEASE: release }),
})
