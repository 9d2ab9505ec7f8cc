import type { Database } from './database.ts'
import type { KeptTest, Run, Runs, TestResult } from '../runs.ts'
import { runIdOf, runNumberOf } from '../run-number.ts'

type Row = TestResult & Readonly<{ number: number; bare: string; job: string; at: number }>

/** How much is kept of one job's reports. */
export const testLimits = { perJob: 20_000, nameCharacters: 500, messageCharacters: 4_000 } as const

export function sqliteTests(database: Database): Pick<Runs, 'keepTests' | 'tests'> {
  const repoOf = database.query<{ repo: string }>('select repo from runs where number = ?')
  const clear = database.command('delete from tests where run = ? and job = ?')
  const insert = database.command(
    'insert into tests (repo, run, job, name, outcome, ms, message, at) values (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const kept = database.query<Row>(
    `select t.run as number, r.run as bare, t.job, t.name, t.outcome, t.ms, t.message, t.at
      from tests t join runs r on r.number = t.run
      where t.repo = ? order by t.run desc, t.rowid limit ?`,
  )
  return {
    keepTests: (run, job, tests, at) =>
      database.write(() => {
        const number = runNumberOf(run)
        const repo = repoOf.one(number)?.repo
        if (repo === undefined) return
        clear(number, job)
        for (const { name, outcome, ms, message } of tests.slice(0, testLimits.perJob)) {
          const said = message === null ? null : message.slice(0, testLimits.messageCharacters)
          insert(repo, number, job, name.slice(0, testLimits.nameCharacters), outcome, ms, said, at)
        }
      }),
    tests: async (repo, limit) =>
      kept.all(repo, limit).map(({ number, bare, ...test }): KeptTest => {
        const { commit, ref } = JSON.parse(bare) as Run
        return { ...test, run: runIdOf(number), commit, ref }
      }),
  }
}
