import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { TroubleError } from '../../change/trouble.ts'
import { beginWriting } from './file.ts'
import { storeTrouble } from './trouble.ts'

const jobsPerTransaction = 500
const jobsWaiting = 20_000

type Outcome = Readonly<{ ok: true; value: unknown }> | Readonly<{ ok: false; error: unknown }>
type Job = Readonly<{ work: () => unknown; settle: (outcome: Outcome) => void }>

/** A prepared reading; rows are trusted, because only this program writes them. */
export type Query<Row> = Readonly<{
  all: (...values: readonly SQLInputValue[]) => readonly Row[]
  one: (...values: readonly SQLInputValue[]) => Row | undefined
}>

/** A prepared writing; gives the number of rows it touched. Used inside `write` only. */
export type Command = (...values: readonly SQLInputValue[]) => number

/**
 * One SQLite file. Reads are answered at once; writes asked for in the same turn of the event loop share one
 * transaction and so one flush to disk, while each keeps its own outcome.
 */
export class Database {
  readonly path: string
  readonly #file: DatabaseSync
  readonly #version: StatementSync
  readonly #jobs: Job[] = []
  #flushing: Promise<void> | null = null
  #commits = 0
  #closed = false

  constructor(file: DatabaseSync, path: string) {
    this.#file = file
    this.path = path
    this.#version = file.prepare('pragma data_version')
  }

  query<Row>(sql: string): Query<Row> {
    const statement = this.#prepared(sql)
    return {
      all: (...values) => this.#told(() => statement().all(...values) as unknown as readonly Row[]),
      one: (...values) => this.#told(() => statement().get(...values) as unknown as Row | undefined),
    }
  }

  command(sql: string): Command {
    const statement = this.#prepared(sql)
    return (...values) => this.#told(() => Number(statement().run(...values).changes))
  }

  /** Runs the work inside a transaction that no other process can come between; what it throws undoes only itself. */
  write<T>(work: () => T): Promise<T> {
    if (this.#closed) return Promise.reject(new Error(`${this.path} is closed`))
    if (this.#jobs.length >= jobsWaiting) return Promise.reject(new TroubleError(overrun(this.path)))
    return new Promise<T>((resolve, reject) => {
      const settle = (outcome: Outcome): void => {
        if (outcome.ok) resolve(outcome.value as T)
        else reject(outcome.error)
      }
      this.#jobs.push({ work, settle })
      this.#flushing ??= this.#flush()
    })
  }

  /** Goes up with every write, of this process or another. */
  pulse(): number {
    const seen = this.#told(() => this.#version.get()?.['data_version'])
    return Number(seen) + this.#commits
  }

  /** Writes what was asked for, then closes the file. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#flushing
    this.#file.close()
  }

  async #flush(): Promise<void> {
    while (this.#jobs.length > 0) {
      // Whatever else this turn of the event loop asks for comes along.
      await new Promise(setImmediate)
      const outcome = await this.#begun()
      const jobs = this.#jobs.splice(0, jobsPerTransaction)
      const outcomes = outcome.ok ? this.#transaction(jobs) : jobs.map(() => outcome)
      jobs.forEach((job, index) => job.settle(outcomes[index] ?? { ok: false, error: new Error('not run') }))
    }
    this.#flushing = null
  }

  async #begun(): Promise<Outcome> {
    try {
      await beginWriting(this.#file)
      return { ok: true, value: null }
    } catch (error) {
      return { ok: false, error: storeTrouble(error, this.path) }
    }
  }

  #transaction(jobs: readonly Job[]): readonly Outcome[] {
    try {
      const outcomes = jobs.map((job) => this.#tried(job))
      this.#file.exec('commit')
      this.#commits += 1
      return outcomes
    } catch (error) {
      if (this.#file.isTransaction) this.#file.exec('rollback')
      const outcome: Outcome = { ok: false, error: storeTrouble(error, this.path) }
      return jobs.map(() => outcome)
    }
  }

  /** Throws only what ends the whole transaction: SQLite itself rolls back when the disk is full or fails. */
  #tried(job: Job): Outcome {
    this.#file.exec('savepoint job')
    try {
      const value = job.work()
      this.#file.exec('release job')
      return { ok: true, value }
    } catch (error) {
      if (!this.#file.isTransaction) throw error
      this.#file.exec('rollback to job; release job')
      return { ok: false, error }
    }
  }

  #prepared(sql: string): () => StatementSync {
    let statement: StatementSync | null = null
    return () => (statement ??= this.#file.prepare(sql))
  }

  #told<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw storeTrouble(error, this.path)
    }
  }
}

const overrun = (path: string) => ({
  what: `${jobsWaiting} writes wait for the disk already`,
  where: path,
  now: 'look for a disk that hangs (`dmesg`, `iostat -x 1`), then try again',
})
