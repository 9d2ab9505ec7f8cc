import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { troubleOf, TroubleError } from '../../change/trouble.ts'
import type { Claim, JobRun, JobState, OpenRun, Outcome } from '../../store/runs.ts'
import type { JobSpec } from '../jobs/job.ts'
import { askToStop, follow, lookAt, refuse } from '../supervisor/look.ts'
import { type JobEnd, jobFiles } from '../supervisor/order.ts'
import type { QueueWorld } from './ci-world.ts'
import { chooseHost } from './choose-host.ts'
import { conclude, lostTrouble } from './conclude.ts'
import { jobsDir, placeOf } from './place.ts'
import { type Attempt, prepare } from './prepare.ts'

/** A job that this process may carry out. */
export type Driven = Readonly<{
  open: OpenRun
  claim: Claim
  job: JobRun
  state: JobState
  spec: JobSpec
  seat: number
}>

/** Aborted with `stop` when somebody wants the job to end, with anything else when the hub goes. */
export type Reins = Readonly<{ stopped: AbortSignal; left: AbortSignal }>

/** Carries out one attempt of a job: from its beginning, or from where a dead hub left it. */
export async function drive(world: QueueWorld, driven: Driven, reins: Reins): Promise<void> {
  const taken = await takeUp(world, driven)
  const attempt = taken ?? (await begin(world, driven))
  if (attempt === null) return
  const end = await watch(attempt, reins)
  await finish(world, driven, attempt, end)
  await rm(join(attempt.folder, jobFiles.work), { recursive: true, force: true })
}

/** The attempt that a dead hub has begun; null where none has, and none will any more. */
async function takeUp(world: QueueWorld, driven: Driven): Promise<Attempt | null> {
  const { job, state } = driven
  if (job.status !== 'running' || state.place === null || job.startedAt === null) return null
  const folder = join(jobsDir(world.stateDir), state.place)
  const { state: sight } = await lookAt(folder)
  if (sight === 'unborn' && (await refuse(folder))) return null
  const isThere = (await lookAt(folder)).state !== 'unborn'
  return isThere ? attemptOf(driven, folder, job.startedAt) : null
}

const attemptOf = ({ open, job, spec, state, seat }: Driven, folder: string, startedAt: number): Attempt => ({
  run: open.run,
  job,
  spec,
  folder,
  seat: state.seat ?? seat,
  startedAt,
  host: null,
})

async function begin(world: QueueWorld, driven: Driven): Promise<Attempt | null> {
  const { open, claim, job, seat } = driven
  const place = placeOf(open.run, claim, job.attempt)
  const startedAt = world.now()
  const attempt = { ...attemptOf(driven, join(jobsDir(world.stateDir), place), startedAt), seat }
  await world.runs.write(claim, { status: 'running', startedAt }, { place, seat })
  try {
    const host = await chooseHost(world, driven.spec, job)
    if (host !== null) await world.runs.write(claim, { host: host.name }, {})
    await tellOf(world, driven)
    await world.starter.start(await prepare(world, { ...attempt, host }))
    return { ...attempt, job: { ...job, host: host?.name ?? null } }
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    await end(world, driven, 'failed', { trouble: troubleOf(thrown) })
    return null
  }
}

async function watch(attempt: Attempt, { stopped, left }: Reins): Promise<JobEnd | 'gone'> {
  const stop = (): void => void askToStop(attempt.folder)
  if (stopped.aborted) stop()
  stopped.addEventListener('abort', stop)
  try {
    return await follow(attempt.folder, () => undefined, left)
  } finally {
    stopped.removeEventListener('abort', stop)
  }
}

async function finish(
  world: QueueWorld,
  driven: Driven,
  attempt: Attempt,
  found: JobEnd | 'gone',
): Promise<void> {
  const { open, claim, job, spec, state } = driven
  if (found === 'gone' || found.why === 'killed' || found.why === 'host lost') {
    const isLast = job.attempt > 1
    if (isLast) return end(world, driven, 'lost', { trouble: lostTrouble(attempt.job, found) })
    return again(world, driven, 'lost')
  }
  const firstPlace =
    job.attempt > 1 && job.status === 'waiting' && state.place !== null
      ? join(jobsDir(world.stateDir), state.place)
      : null
  const { outcome, change, tests } = await conclude(world, attempt, { end: found, firstPlace })
  await world.runs.keepTests(open.run.id, claim.job, tests, world.now())
  if (outcome === 'failed' && change.trouble === null && spec.retry === 'once' && job.attempt === 1)
    return again(world, driven, 'failed')
  const isFlaky = outcome === 'passed' && state.first === 'failed'
  return end(world, driven, isFlaky ? 'flaky' : outcome, change)
}

/** Puts the job back into the queue, once. */
async function again(world: QueueWorld, driven: Driven, first: 'failed' | 'lost'): Promise<void> {
  const fresh = { status: 'waiting', attempt: 2, startedAt: null, steps: [] } as const
  await world.runs.write(driven.claim, fresh, { first })
  await tellOf(world, driven)
}

async function end(
  world: QueueWorld,
  driven: Driven,
  outcome: Outcome,
  change: Partial<JobRun>,
): Promise<void> {
  await world.runs.write(driven.claim, { ...change, status: 'over', outcome, endedAt: world.now() }, {})
  await tellOf(world, driven)
}

async function tellOf(world: QueueWorld, { open }: Driven): Promise<void> {
  const run = await world.runs.get(open.run.id)
  if (run !== null) world.tell(run)
}
