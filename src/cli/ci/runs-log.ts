import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../../api/client/client.ts'
import type { RunLine } from '../../api/wire/code.ts'
import { TroubleError } from '../../change/trouble.ts'
import { foldLog } from '../../ci/log/fold.ts'
import { isGreen, type JobRun, type Run } from '../../store/runs.ts'
import type { Args } from '../args.ts'
import { ciView } from './view.ts'
import type { World } from '../world.ts'

const lookEveryMs = 500

export async function showLog(client: Client, id: string, args: Args, world: World): Promise<number> {
  const name = jobOf(await runOf(client, id), args.words[2] ?? null)
  const isFollowed = args.has('follow')
  const told = args.has('json') ? programView(world, id, isFollowed) : ciView(world, args.has('verbose'))
  const job = await readJob(client, { id, name, isFollowed }, told)
  told.over(job)
  return !isFollowed || isGreen(job.outcome) ? 0 : 1
}

const runOf = async (client: Client, id: string): Promise<Run> =>
  (await client.call('GET /api/runs/:run', { params: { run: id } })).run

/** The job that is meant: without a name the first that failed, or the only one. */
function jobOf({ id, jobs }: Run, name: string | null): string {
  const names = jobs.map((job) => job.name)
  const failed = jobs.find(
    ({ outcome }) => outcome === 'failed' || outcome === 'timed out' || outcome === 'lost',
  )
  const found = name === null ? (failed?.name ?? (names.length === 1 ? names[0] : undefined)) : name
  if (found !== undefined && names.includes(found)) return found
  const now = names.length === 0 ? `see \`tandem runs show ${id}\`` : `its jobs are: ${names.join(', ')}`
  if (names.length === 0) throw new TroubleError({ what: `${id} has no jobs`, now })
  if (name === null) throw new TroubleError({ what: `which job of ${id}? None has failed`, now })
  throw new TroubleError({ what: `${id} has no job ${name}`, now })
}

type Told = Readonly<{
  begins: (job: string) => void
  line: (line: RunLine) => void
  over: (job: JobRun) => void
}>
type Wish = Readonly<{ id: string; name: string; isFollowed: boolean }>

/** Tells the log of the newest attempt up to what is there, or to the end of the job: also of an attempt that begins meanwhile. */
async function readJob(client: Client, { id, name, isFollowed }: Wish, told: Told): Promise<JobRun> {
  const look = async () => {
    const job = (await runOf(client, id)).jobs.find((one) => one.name === name)
    if (job !== undefined) return job
    throw new TroubleError({ what: `${id} has no job ${name} any more`, now: 'see `tandem runs`' })
  }
  let job = await look()
  let { attempt } = job
  let from = 0
  told.begins(name)
  for (;;) {
    const query = { job: name, attempt, from }
    const log = await client.call('GET /api/runs/:run/log', { params: { run: id }, query })
    for (const line of log.lines) told.line(line)
    from = log.next
    if (log.lines.length > 0) continue
    job = await look()
    if (job.attempt > attempt) {
      ;({ attempt } = job)
      from = 0
      told.begins(`${name}, once more`)
    } else if (!isFollowed || (log.isOver && job.status === 'over')) return job
    else await pause(lookEveryMs)
  }
}

/** One object at the end; of a log that is followed, one for each line and one for the end. */
function programView(world: World, run: string, isFollowed: boolean): Told {
  let lines: RunLine[] = []
  return {
    begins: () => (lines = []),
    line: (line) => {
      if (isFollowed) world.out(JSON.stringify({ type: 'line', ...line }))
      else lines.push(line)
    },
    over: (job) => {
      const ms = job.startedAt === null || job.endedAt === null ? null : job.endedAt - job.startedAt
      world.out(
        JSON.stringify(isFollowed ? { type: 'over', run, job } : { run, job, steps: foldLog(lines, ms) }),
      )
    },
  }
}
