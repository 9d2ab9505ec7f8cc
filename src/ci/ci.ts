import { availableParallelism } from 'node:os'
import { TroubleError } from '../change/trouble.ts'
import type { RunLog } from '../api/wire/code.ts'
import { hostAddress } from '../config/find.ts'
import type { Run, RunId } from '../store/runs.ts'
import { sweepRuns } from './kept/sweep-runs.ts'
import { openQueue } from './queue/queue.ts'
import { cachesDir } from './cache/caches.ts'
import { buildHosts } from './run/build-hosts.ts'
import type { CiWorld } from './run/ci-world.ts'
import { orderRun, type RunWish } from './run/order-run.ts'
import { findPlace } from './run/place.ts'
import { isTrusted, secretsOf } from './run/secrets.ts'
import { readLog } from './supervisor/read-log.ts'
import { openStarter } from './supervisor/starter.ts'

/** Runs, as the hub has them done. */
export type Ci = Readonly<{
  /** Puts a run into the queue, or finds the one that is there for this push. */
  order: (wish: RunWish) => Promise<Run>
  again: (run: RunId, who: string, door: RunWish['door']) => Promise<Run>
  cancel: (run: RunId, who: string) => Promise<void>
  log: (asked: Readonly<{ run: RunId; job: string; attempt: number | null; from: number }>) => Promise<RunLog>
  /** Calls back for every run that this hub has altered, from now on. */
  subscribe: (listener: (run: Run) => void) => () => void
  /** Takes up what a dead hub left, and carries out what waits; called again and again. */
  tick: () => Promise<void>
  /** Forgets runs that are older, or take more room, than `tandem.ts` says. */
  sweep: () => Promise<void>
  close: () => Promise<void>
}>

type Given = Pick<CiWorld, 'secretsFor' | 'isTrusted' | 'caches' | 'hostsOf' | 'parallel'>
type CiParts = Omit<CiWorld, 'starter' | 'tell' | keyof Given> &
  Readonly<{
    projectDir: string
    /** Runs that are not forgotten, however old they are. */
    kept: () => Promise<ReadonlySet<RunId>>
  }>

export function openCi(parts: CiParts): Ci {
  const listeners = new Set<(run: Run) => void>()
  // Nobody needs a supervisor before the first look at the queue.
  let starter: ReturnType<typeof openStarter> | null = null
  const world: CiWorld = {
    ...parts,
    ...givenToJobs(parts),
    starter: {
      start: (order) => (starter ??= openStarter()).start(order),
      close: () => starter?.close(),
    },
    tell: (run) => {
      for (const listener of listeners) listener(run)
    },
  }
  const queue = openQueue(world)
  const soon = (): void => void queue.look().catch(world.broke)
  const order = async (wish: RunWish): Promise<Run> => {
    const { run, isNew } = await orderRun(world, wish)
    if (isNew) {
      world.tell(run)
      soon()
    }
    return run
  }
  return {
    order,
    again: async (id, who, door) => {
      const { repo, ref, commit } = await known(world, id)
      return order({ repo, ref, commit, who, door, again: true })
    },
    cancel: async (id, who) => {
      await known(world, id)
      if (!(await world.runs.stop(id, { who, at: world.now() }))) throw isOver(id)
      soon()
    },
    log: async ({ run: id, job, attempt, from }) =>
      logOf(world, await known(world, id), { job, attempt, from }),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tick: async () => {
      starter ??= openStarter()
      await world.runs.beat(world.runner, world.now())
      await queue.look()
    },
    sweep: async () => {
      const { keepMs: ageMs, logsBytes: bytes } = (await world.config()).ci
      const kept = await parts.kept()
      await sweepRuns({ ...world, limits: { ageMs, bytes }, kept, now: world.now() })
    },
    close: async () => {
      await queue.close()
      starter?.close()
    },
  }
}

/** What jobs of this hub get beside their commit, each as far as its ref may be trusted. */
const givenToJobs = (parts: CiParts): Given => ({
  secretsFor: (run, spec) => secretsOf(parts, run, spec),
  isTrusted: (run) => isTrusted(parts, run),
  caches: async () => ({
    dir: cachesDir(parts.stateDir),
    mostBytes: (await parts.config()).ci.cachesBytes,
  }),
  parallel: async () => (await parts.config()).ci.parallel ?? availableParallelism(),
  hostsOf: async (on) => {
    const config = await parts.config()
    return buildHosts(config, on).map((name) => hostAddress(parts, config, name))
  },
})

async function logOf(
  world: CiWorld,
  run: Run,
  asked: Readonly<{ job: string; attempt: number | null; from: number }>,
): Promise<RunLog> {
  const job = run.jobs.find(({ name }) => name === asked.job)
  if (job === undefined) {
    const names = run.jobs.map(({ name }) => name).join(', ')
    const now = names === '' ? `${run.id} has no jobs` : `its jobs are: ${names}`
    throw new TroubleError({ what: `${run.id} has no job ${asked.job}`, now })
  }
  const place = await findPlace(world.stateDir, run, asked)
  const read = place === null ? { lines: [], next: asked.from } : await readLog(place, asked.from)
  const isPast = asked.attempt !== null && asked.attempt < job.attempt
  return { ...read, isOver: read.lines.length === 0 && (isPast || job.status === 'over') }
}

async function known(world: CiWorld, id: RunId): Promise<Run> {
  const run = await world.runs.get(id)
  if (run !== null) return run
  throw new TroubleError({
    what: `there is no run ${id.slice(0, 40)}`,
    now: 'see `tandem runs` for those there are',
  })
}

const isOver = (id: RunId): TroubleError =>
  new TroubleError({ what: `${id} is over already`, now: `run it once more: \`tandem runs again ${id}\`` })
