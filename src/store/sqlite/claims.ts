import type { Database } from './database.ts'
import { isAlive, type Machine } from '../holder.ts'
import { ClaimLostError, type JobRun, type JobState, type Runner, type Runs } from '../runs.ts'
import { runNumberOf } from '../run-number.ts'

type Row = Readonly<{
  over: 0 | 1
  token: number
  pid: number | null
  started: number
  boot: string
  beat: number
  uptime: number
  job: string
  state: string
}>

/** Who carries out which job. A dead process holds nothing. */
export function sqliteClaims(
  database: Database,
  machine: Machine,
): Pick<Runs, 'claim' | 'write' | 'beat' | 'leave'> {
  const find = database.query<Row>('select * from run_jobs where run = ? and name = ?')
  const seize = database.command(
    `update run_jobs set token = token + 1, pid = ?, started = ?, boot = ?, beat = ?, uptime = ?
      where run = ? and name = ?`,
  )
  const write = database.command(
    'update run_jobs set job = ?, state = ?, over = ?, pid = iif(?, pid, null) where run = ? and name = ?',
  )
  const holds = database.query('select 1 from run_jobs where pid = ? and started = ? and boot = ? limit 1')
  const beat = database.command(
    'update run_jobs set beat = ?, uptime = ? where pid = ? and started = ? and boot = ?',
  )
  const leave = database.command(
    'update run_jobs set pid = null, token = token + 1 where pid = ? and started = ? and boot = ?',
  )
  const isFree = (row: Row | undefined, at: number): row is Row =>
    row !== undefined &&
    row.over === 0 &&
    (row.pid === null || !isAlive({ ...row, pid: row.pid }, machine, at))
  const take = (run: number, name: string, runner: Runner, at: number): Row | null => {
    const row = find.one(run, name)
    if (!isFree(row, at)) return null
    seize(runner.pid, runner.started, runner.boot, at, machine.uptimeMs(), run, name)
    return row
  }
  return {
    claim: async (run, job, runner, at) => {
      const number = runNumberOf(run)
      // The look before needs no lock, and so hinders nobody.
      if (!isFree(find.one(number, job), at)) return null
      const row = await database.write(() => take(number, job, runner, at))
      if (row === null) return null
      const claim = { run, job, token: row.token + 1 }
      return { claim, job: JSON.parse(row.job) as JobRun, state: stateOf(row) }
    },
    write: (claim, job, state) =>
      database.write(() => {
        const number = runNumberOf(claim.run)
        const row = find.one(number, claim.job)
        if (row === undefined || row.token !== claim.token || row.over === 1) throw new ClaimLostError(claim)
        const now: JobRun = { ...(JSON.parse(row.job) as JobRun), ...job }
        const isHeld = now.status === 'running' ? 1 : 0
        const isOver = now.status === 'over' ? 1 : 0
        const known = JSON.stringify({ ...stateOf(row), ...state })
        write(JSON.stringify(now), known, isOver, isHeld, number, claim.job)
      }),
    leave: ({ pid, started, boot }) => database.write(() => void leave(pid, started, boot)),
    beat: async (runner, at) => {
      const { pid, started, boot } = runner
      // Who carries out nothing has nothing to say.
      if (holds.one(pid, started, boot) === undefined) return
      await database.write(() => void beat(at, machine.uptimeMs(), pid, started, boot))
    },
  }
}

const stateOf = ({ state }: Row): JobState => ({
  place: null,
  seat: null,
  first: null,
  ...(JSON.parse(state) as Partial<JobState>),
})
