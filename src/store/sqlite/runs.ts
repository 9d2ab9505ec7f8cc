import type { Database } from './database.ts'
import type { Machine } from '../holder.ts'
import {
  type JobRun,
  type OpenRun,
  type Run,
  type RunId,
  type RunOrder,
  type Runs,
  type Stop,
  waitingJob,
} from '../runs.ts'
import { runIdOf, runNumberOf } from '../run-number.ts'
import { sqliteClaims } from './claims.ts'
import { sqliteTests } from './tests.ts'

/** A run without its jobs, which have rows of their own. */
type Bare = Omit<Run, 'jobs'>
type RunRow = Readonly<{ number: number; run: string; stop: string | null }>
type JobRow = Readonly<{ run: number; name: string; job: string; spec: string }>

export function sqliteRuns(database: Database, machine: Machine): Runs {
  return {
    ...ordering(database),
    ...reading(database),
    ...ending(database),
    ...sqliteClaims(database, machine),
    ...sqliteTests(database),
  }
}

function ordering(database: Database): Pick<Runs, 'order' | 'stop'> {
  const { withJobs } = rows(database)
  const newest = database.query<RunRow>(
    'select number, run, stop from runs where repo = ? and ref = ? order by number desc limit 1',
  )
  const older = database.query<RunRow>(
    'select number, run, stop from runs where repo = ? and ref = ? and ended is null and number < ? order by number',
  )
  const insert = database.query<{ number: number }>(
    "insert into runs (repo, hash, ref, run) values (?, ?, ?, '') returning number",
  )
  const insertJob = database.command(
    "insert into run_jobs (run, place, name, over, token, job, state, spec) values (?, ?, ?, 0, 0, ?, '{}', ?)",
  )
  const write = database.command('update runs set run = ? where number = ?')
  const stop = database.command('update runs set stop = coalesce(stop, ?) where number = ? and ended is null')
  const supersede = (order: RunOrder, number: number): readonly RunId[] =>
    older.all(order.repo, order.ref, number).map((row) => {
      const bare = { ...(JSON.parse(row.run) as Bare), supersededBy: runIdOf(number) }
      write(JSON.stringify(bare), row.number)
      stop(JSON.stringify({ who: order.who, at: order.orderedAt } satisfies Stop), row.number)
      return runIdOf(row.number)
    })
  const add = (order: RunOrder): Run => {
    const number = insert.one(order.repo, order.commit, order.ref)?.number ?? 0
    const bare = bareOf(order, runIdOf(number))
    write(JSON.stringify(bare), number)
    const jobs = order.jobs.map((job, place) => {
      const fresh = waitingJob(job)
      insertJob(number, place, job.name, JSON.stringify(fresh), JSON.stringify(job.spec))
      return fresh
    })
    return { ...bare, jobs }
  }
  return {
    order: (order) =>
      database.write(() => {
        const row = newest.one(order.repo, order.ref)
        const last = row === undefined ? null : withJobs(row)
        if (last?.commit === order.commit && !order.again) return { run: last, isNew: false, superseded: [] }
        const run = add(order)
        return { run, isNew: true, superseded: supersede(order, runNumberOf(run.id)) }
      }),
    stop: (run, wish) => database.write(() => stop(JSON.stringify(wish), runNumberOf(run)) > 0),
  }
}

function reading(database: Database): Pick<Runs, 'get' | 'list' | 'open'> {
  const { withJobs, jobs } = rows(database)
  const one = database.query<RunRow>('select number, run, stop from runs where number = ?')
  const open = database.query<RunRow>(
    'select number, run, stop from runs where ended is null order by number limit 1000',
  )
  const list = database.query<RunRow>(
    `select number, run, stop from runs
      where (?1 is null or repo = ?1) and (?2 is null or hash = ?2) and (?3 is null or ref = ?3) and number < ?4
      order by number desc limit ?5`,
  )
  return {
    get: async (run) => {
      const row = one.one(runNumberOf(run))
      return row === undefined ? null : withJobs(row)
    },
    list: async ({ repo, commit, ref, before, limit }) => {
      const end = before === null ? Number.MAX_SAFE_INTEGER : runNumberOf(before)
      return list.all(repo, commit, ref, end, limit).map(withJobs)
    },
    open: async () =>
      open.all().map((row): OpenRun => {
        const specs = jobs
          .all(row.number)
          .map(({ name, spec }) => [name, JSON.parse(spec) as unknown] as const)
        const stop = row.stop === null ? null : (JSON.parse(row.stop) as Stop)
        return { run: withJobs(row), stop, specs: new Map(specs) }
      }),
  }
}

function ending(database: Database): Pick<Runs, 'end' | 'forget'> {
  const { withJobs } = rows(database)
  const one = database.query<RunRow>('select number, run, stop from runs where number = ? and ended is null')
  const open = database.query('select 1 from run_jobs where run = ? and over = 0 limit 1')
  const end = database.command('update runs set run = ?, ended = ? where number = ?')
  const ended = database.query<{ number: number }>(
    'select number from runs where ended < ? order by ended limit ?',
  )
  const forget = ['tests', 'run_jobs'].map((table) => database.command(`delete from ${table} where run = ?`))
  const forgetRun = database.command('delete from runs where number = ?')
  return {
    end: (run, { outcome, endedAt, release }) =>
      database.write(() => {
        const row = one.one(runNumberOf(run))
        if (row === undefined) return null
        if (open.one(row.number) !== undefined) throw new Error(`${run} has jobs that are not over`)
        const bare = { ...(JSON.parse(row.run) as Bare), outcome, endedAt, release }
        end(JSON.stringify(bare), endedAt, row.number)
        return withJobs({ ...row, run: JSON.stringify(bare) })
      }),
    forget: (at, kept, limit) =>
      database.write(() => {
        const old = ended.all(at, limit + kept.size).filter(({ number }) => !kept.has(runIdOf(number)))
        return old.slice(0, limit).map(({ number }) => {
          for (const each of forget) each(number)
          forgetRun(number)
          return runIdOf(number)
        })
      }),
  }
}

function rows(database: Database) {
  const jobs = database.query<JobRow>(
    'select run, name, job, spec from run_jobs where run = ? order by place',
  )
  const withJobs = (row: RunRow): Run => ({
    ...(JSON.parse(row.run) as Bare),
    jobs: jobs.all(row.number).map(({ job }) => JSON.parse(job) as JobRun),
  })
  return { jobs, withJobs }
}

function bareOf(order: RunOrder, id: RunId): Bare {
  const { repo, commit, tree, ref, subject, who, door, trouble, orderedAt } = order
  const fresh = { endedAt: null, outcome: null, supersededBy: null, release: null }
  return { id, repo, commit, tree, ref, subject, who, door, orderedAt, trouble, ...fresh }
}
