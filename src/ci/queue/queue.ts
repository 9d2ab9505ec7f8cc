import {
  ClaimLostError,
  isGreen,
  type JobRun,
  type OpenRun,
  type Outcome,
  type Run,
} from '../../store/runs.ts'
import type { JobSpec } from '../jobs/job.ts'
import type { QueueWorld } from '../run/ci-world.ts'

/** Carries out what is in the queue: as many jobs at a time as `tandem.ts` says, those asked for first before others. */
export type Queue = Readonly<{
  /** Looks whether there is something to do, now. */
  look: () => Promise<void>
  /** Leaves jobs to their supervisors: the next hub takes them up. */
  close: () => Promise<void>
}>

type Driving = Readonly<{ seat: number; stop: AbortController; done: Promise<void> }>

export function openQueue(world: QueueWorld): Queue {
  const driving = new Map<string, Driving>()
  const left = new AbortController()
  let looking: Promise<void> | null = null
  let isAskedAgain = false

  const take = async (open: OpenRun, job: JobRun): Promise<void> => {
    const key = keyOf(open.run, job)
    // All that a job is carried out with comes with the first one.
    const { drive } = await import('../run/drive.ts')
    const taken = await world.runs.claim(open.run.id, job.name, world.runner, world.now())
    if (taken === null) return
    const seat =
      taken.state.seat !== null && taken.job.status === 'running' ? taken.state.seat : freeSeat(driving)
    const spec = open.specs.get(job.name) as JobSpec
    const stop = new AbortController()
    if (open.stop !== null) stop.abort()
    const reins = { stopped: stop.signal, left: left.signal }
    const done = drive(world, { open, ...taken, spec, seat }, reins)
      .catch((thrown: unknown) => {
        // Another process has it, or this one goes: whoever has it by now knows better.
        if (!(thrown instanceof ClaimLostError) && !left.signal.aborted) world.broke(thrown)
      })
      .then(() => void driving.delete(key))
      .then(look)
    driving.set(key, { seat, stop, done })
  }
  const lookOnce = async (): Promise<void> => {
    const parallel = await world.parallel()
    for (const open of await world.runs.open()) {
      if (open.stop !== null) stopAll(driving, open.run)
      const free = open.run.jobs.filter((job) => job.status !== 'over' && !driving.has(keyOf(open.run, job)))
      for (const job of free) {
        const outcome = outcomeWithout(open, job)
        if (outcome !== null) await endWithout(world, open.run, job, outcome)
        else if (job.status === 'running') await take(open, job)
        else if (driving.size < parallel && isReady(open.run, job)) await take(open, job)
      }
      await endRun(world, open.run)
    }
  }
  const look = async (): Promise<void> => {
    isAskedAgain = true
    looking ??= (async () => {
      while (isAskedAgain && !left.signal.aborted) {
        isAskedAgain = false
        await lookOnce()
      }
    })().finally(() => {
      looking = null
    })
    await looking
  }
  return {
    look,
    close: async () => {
      left.abort()
      await looking
      await Promise.all([...driving.values()].map(({ done }) => done))
      await world.runs.leave(world.runner)
    },
  }
}

const keyOf = ({ id }: Run, { name }: JobRun): string => `${id} ${name}`

function freeSeat(driving: ReadonlyMap<string, Driving>): number {
  const taken = new Set([...driving.values()].map(({ seat }) => seat))
  for (let seat = 0; ; seat += 1) if (!taken.has(seat)) return seat
}

function stopAll(driving: ReadonlyMap<string, Driving>, run: Run): void {
  for (const job of run.jobs) driving.get(keyOf(run, job))?.stop.abort()
}

const needed = (run: Run, job: JobRun): readonly JobRun[] =>
  run.jobs.filter(({ name }) => job.needs.includes(name))

const isReady = (run: Run, job: JobRun): boolean => needed(run, job).every(({ outcome }) => isGreen(outcome))

/** How a job ends that is never begun; null = it may be. */
function outcomeWithout({ run, stop }: OpenRun, job: JobRun): Outcome | null {
  if (job.status !== 'waiting') return null
  if (stop !== null) return 'cancelled'
  return needed(run, job).some(({ outcome }) => outcome !== null && !isGreen(outcome)) ? 'skipped' : null
}

async function endWithout(world: QueueWorld, run: Run, job: JobRun, outcome: Outcome): Promise<void> {
  const taken = await world.runs.claim(run.id, job.name, world.runner, world.now())
  if (taken === null) return
  await world.runs.write(taken.claim, { status: 'over', outcome, endedAt: world.now() }, {})
}

/** Ends a run whose jobs are all over, once, and writes it into the ledger. */
async function endRun(world: QueueWorld, { id }: Run): Promise<void> {
  const run = await world.runs.get(id)
  if (run === null || run.endedAt !== null || run.jobs.some(({ status }) => status !== 'over')) return
  const release = run.jobs.find((job) => job.release !== null)?.release ?? null
  const { repo, commit, ref } = run
  const outcome = outcomeOf(run)
  const endedAt = world.now()
  // Signed before anybody hears of it: whoever sees that it is green may deploy at once. What cannot be signed is over
  // all the same, and a deploy of it says that it must run again.
  await world.sign({ ...run, outcome, endedAt, release }).catch(world.broke)
  // Written down first: a hub that dies between the two says it twice, which is better than never.
  await world.record(repo, { type: 'run-ended', run: id, commit, ref, outcome, release })
  const ended = await world.runs.end(id, { outcome, endedAt, release })
  if (ended !== null) world.tell(ended)
}

const gravest: readonly Outcome[] = ['cancelled', 'lost', 'timed out', 'failed', 'skipped', 'flaky']

/** A run is as good as its worst job. */
export function outcomeOf(run: Pick<Run, 'jobs' | 'trouble'>): Outcome {
  if (run.trouble !== null) return 'failed'
  return gravest.find((outcome) => run.jobs.some((job) => job.outcome === outcome)) ?? 'passed'
}
