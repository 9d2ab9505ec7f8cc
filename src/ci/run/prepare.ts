import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { HostAddress } from '../../remote/remote.ts'
import type { JobRun, Run } from '../../store/runs.ts'
import { checkOut } from '../../vcs/check-out.ts'
import { artifactDir } from '../artifact/artifact.ts'
import { BUILD, type JobSpec } from '../jobs/job.ts'
import { jobFiles, type JobOrder } from '../supervisor/order.ts'
import { layCaches } from './cache-steps.ts'
import type { JobWorld } from './ci-world.ts'
import { mustRunHere, orderHere } from './order-here.ts'
import { orderThere } from './order-there.ts'
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
  /** The build host; null = here. */
  host: HostAddress | null
}>

/** A job whose files are laid out. */
export type Laid = Readonly<{
  attempt: Attempt
  work: string
  /** The artifact of its run, where there is one. */
  release: string | null
  secrets: Readonly<Record<string, string>>
  tell: (line: string) => Promise<void>
}>

/** Makes everything that a job needs, without running a word of it. */
export async function prepare(world: JobWorld, attempt: Attempt): Promise<JobOrder> {
  const { run, spec, folder, startedAt, host } = attempt
  if (host === null) mustRunHere(spec)
  const work = join(folder, jobFiles.work)
  const files = join(work, 'files')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const tell = (line: string): Promise<void> => say(folder, world.now() - startedAt, line)
  await say(folder, 0, firstLine(attempt))
  const secrets = await world.secretsFor(run, spec)
  const release = run.jobs.find(({ name }) => name === BUILD)?.release ?? null
  for (const line of await layFiles(world, attempt, { files, release })) await tell(line)
  await layCaches(world, attempt, { files, tell })
  const laid = { attempt, work, release, secrets, tell }
  return host === null ? orderHere(world, laid) : orderThere(world, laid, host)
}

function firstLine({ run, job, spec, host }: Attempt): string {
  const again = job.attempt === 1 ? '' : ', once more'
  const place = host !== null ? `, at ${host.name}` : spec.on === null ? '' : `, here instead of ${spec.on}`
  return `${job.name} of ${run.commit.slice(0, 7)} on ${run.ref}, ${run.id}${again}${place}`
}

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
