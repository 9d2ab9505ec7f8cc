import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { thisProcess } from '../../store/holder.ts'
import { openStore } from '../../store/open.ts'
import { isGreen, type JobRun, type Run, type RunOrder, type Runs } from '../../store/runs.ts'
import type { Job, JobSpec } from '../jobs/job.ts'
import { mustBeMaskable } from '../mask/maskable.ts'
import { openQueue } from '../queue/queue.ts'
import type { QueueWorld } from '../run/ci-world.ts'
import { openStarter } from '../supervisor/starter.ts'
import { inTurns, type Told } from './in-turns.ts'
import { openShow } from './show.ts'
import type { Source } from './source.ts'

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

const lookMs = 1_000
const cachesBytes = 10 * 1024 ** 3

/**
 * Runs jobs on this machine as the hub does: by its queue, in a store of its own, with the same checkout, sandbox,
 * supervisor and mask.
 */
export async function runHere(options: HereOptions): Promise<readonly JobRun[]> {
  const { scratch, told, stopped, now } = options
  const store = await openStore(scratch)
  const starter = openStarter()
  const show = openShow(
    scratch,
    inTurns(told, ({ outcome }) => isGreen(outcome)),
  )
  const ended = Promise.withResolvers<Run>()
  const tell = (run: Run): void => {
    show.take(run)
    if (run.endedAt !== null) ended.resolve(run)
  }
  const world = worldOf(options, { runs: store.runs, starter, tell, broke: ended.reject })
  const queue = openQueue(world)
  const { run } = await world.runs.order(orderOf(options))
  const look = (): void => void queue.look().catch(ended.reject)
  const stop = (): void => void world.runs.stop(run.id, { who: 'me', at: now() }).then(look, ended.reject)
  const looking = setInterval(look, lookMs)
  if (stopped.aborted) stop()
  stopped.addEventListener('abort', stop)
  try {
    look()
    const { jobs } = await ended.promise
    await show.told()
    return jobs
  } finally {
    stopped.removeEventListener('abort', stop)
    clearInterval(looking)
    await queue.close()
    starter.close()
    await store.close()
  }
}

type Given = Pick<QueueWorld, 'starter' | 'tell' | 'broke'> & Readonly<{ runs: Runs }>

function worldOf({ scratch, source, env, now }: HereOptions, given: Given): QueueWorld {
  return {
    ...given,
    runner: thisProcess('cli'),
    stateDir: scratch,
    repoDir: () => source.repo,
    parallel: async () => availableParallelism(),
    secretsFor: async (_run, spec) =>
      Object.fromEntries(spec.secrets.map((name) => secretIn(env, name, spec))),
    isTrusted: async () => true,
    caches: async () => ({ dir: cachesOf(env), mostBytes: cachesBytes }),
    // Whoever calls for the jobs of a checkout wants them here.
    hostsOf: async () => 'here',
    hidden: [],
    record: async () => undefined,
    sign: async () => undefined,
    now,
  }
}

function orderOf({ source, repo, jobs, now }: HereOptions): RunOrder {
  const { hash: commit, tree, subject } = source.commit
  const asked = { who: 'me', door: 'cli', again: true, trouble: null, orderedAt: now() } as const
  return { repo, commit, tree, subject, ref: source.ref, jobs, ...asked }
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
