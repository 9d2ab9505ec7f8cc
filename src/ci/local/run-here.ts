import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { RunLine } from '../../api/wire-code.ts'
import { troubleOf, TroubleError } from '../../change/trouble.ts'
import { isGreen, type JobRun, type Run, waitingJob } from '../../store/runs.ts'
import type { Job, JobSpec } from '../jobs/job.ts'
import { mustBeMaskable } from '../mask/maskable.ts'
import type { JobWorld } from '../run/ci-world.ts'
import { conclude, lostTrouble } from '../run/conclude.ts'
import { type Attempt, prepare } from '../run/prepare.ts'
import { type JobEnd } from '../supervisor/order.ts'
import { askToStop, follow } from '../supervisor/look.ts'
import { readLog } from '../supervisor/read-log.ts'
import { openStarter, type Starter } from '../supervisor/starter.ts'
import type { Source } from './source.ts'

/** What is told of jobs as they are run, one after the other. */
export type Told = Readonly<{
  begins: (job: string) => void
  line: (line: RunLine) => void
  over: (job: JobRun) => void
}>

export type HereOptions = Readonly<{
  source: Source
  repo: string
  jobs: readonly Job[]
  /** A folder for everything, that somebody removes. */
  scratch: string
  /** Where secrets of jobs are taken from, by name. */
  env: Readonly<Record<string, string | undefined>>
  now: () => number
  stopped: AbortSignal
  told: Told
}>

const readAgainMs = 100
const cachesBytes = 10 * 1024 ** 3

/**
 * Runs jobs on this machine as the hub does: the same checkout, sandbox, supervisor and mask. They come one after the
 * other, so that what they print can be read; one whose needs did not pass is skipped.
 */
export async function runHere(options: HereOptions): Promise<readonly JobRun[]> {
  const { jobs, told, stopped } = options
  const starter = openStarter()
  const over: JobRun[] = []
  try {
    for (const job of jobs) {
      const needed = over.filter(({ name }) => job.needs.includes(name))
      told.begins(job.name)
      const ended = stopped.aborted
        ? { ...waitingJob(job), status: 'over' as const, outcome: 'cancelled' as const }
        : needed.every(({ outcome }) => isGreen(outcome))
          ? await runOne(options, { job, over, start: starter.start })
          : { ...waitingJob(job), status: 'over' as const, outcome: 'skipped' as const }
      over.push(ended)
      told.over(ended)
    }
    return over
  } finally {
    starter.close()
  }
}

type Part = Readonly<{ job: Job; over: readonly JobRun[]; start: Starter['start'] }>

async function runOne(options: HereOptions, { job, over, start }: Part): Promise<JobRun> {
  const { scratch, now, stopped, told } = options
  const startedAt = now()
  const world = worldOf(options)
  const running: JobRun = { ...waitingJob(job), status: 'running', startedAt }
  const run = runOf(options, [...over, running])
  const folder = join(scratch, `${over.length}.1.0`)
  const attempt: Attempt = { run, job: running, spec: job.spec, folder, seat: 0, startedAt, host: null }
  const end = (change: Partial<JobRun>): JobRun => ({ ...running, ...change, status: 'over', endedAt: now() })
  try {
    const order = await prepare(world, attempt)
    await start(order)
    const found = await watch(folder, told.line, stopped)
    if (found === 'gone') return end({ outcome: 'lost', trouble: lostTrouble(running, found) })
    const { outcome, change } = await conclude(world, attempt, { end: found, firstPlace: null })
    return end({ ...change, outcome })
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    return end({ outcome: 'failed', trouble: troubleOf(thrown) })
  }
}

/** Follows a job to its end, and tells its log up to the last line. */
async function watch(
  folder: string,
  tell: (line: RunLine) => void,
  stopped: AbortSignal,
): Promise<JobEnd | 'gone'> {
  const stop = (): void => void askToStop(folder)
  if (stopped.aborted) stop()
  stopped.addEventListener('abort', stop)
  let end: JobEnd | 'gone' | null = null
  const following = follow(folder, () => undefined, new AbortController().signal).then(
    (found) => (end = found),
  )
  try {
    for (let from = 0; ;) {
      const isOver = end !== null
      const { lines, next } = await readLog(folder, from)
      for (const line of lines) tell(line)
      if (isOver && next === from) return await following
      if (next === from) await Promise.race([following, pause(readAgainMs)])
      from = next
    }
  } finally {
    stopped.removeEventListener('abort', stop)
  }
}

function worldOf({ scratch, source, env, now }: HereOptions): JobWorld {
  return {
    stateDir: scratch,
    repoDir: () => source.repo,
    secretsFor: async (_run, spec) =>
      Object.fromEntries(spec.secrets.map((name) => secretIn(env, name, spec))),
    isTrusted: async () => true,
    caches: async () => ({ dir: cachesOf(env), mostBytes: cachesBytes }),
    hidden: [],
    now,
  }
}

/** Beside what other programs of this person keep to be faster the next time. */
const cachesOf = ({ XDG_CACHE_HOME, HOME }: HereOptions['env']): string =>
  join(XDG_CACHE_HOME ?? join(HOME ?? homedir(), '.cache'), 'tandem', 'jobs')

function secretIn(env: HereOptions['env'], name: string, { job, from }: JobSpec): [string, string] {
  const value = env[name]
  if (value !== undefined) {
    mustBeMaskable(name, value)
    return [name, value]
  }
  const now = `set it for this run: \`${name}=… tandem ci ${job}\`; secrets of the hub stay there`
  throw new TroubleError({
    what: `${job} needs the secret ${name}, and it is not in your environment`,
    where: from,
    now,
  })
}

function runOf({ source, repo, now }: HereOptions, jobs: readonly JobRun[]): Run {
  const { hash, tree, subject } = source.commit
  return {
    id: 'here',
    repo,
    commit: hash,
    tree,
    ref: source.ref,
    subject,
    who: 'me',
    door: 'cli',
    orderedAt: now(),
    endedAt: null,
    outcome: null,
    supersededBy: null,
    trouble: null,
    jobs,
    release: null,
  }
}
