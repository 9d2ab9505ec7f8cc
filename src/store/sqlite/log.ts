import { idOf, numbered, numberOf } from '../chain.ts'
import type { Database } from './database.ts'
import type { LogLine, StepLog } from '../store.ts'

/** How much is kept: per change, per line, and of how many changes. */
export const logLimits = { linesPerChange: 20_000, charactersPerLine: 8_000, changes: 1_000 }

const leftOut = `the rest is left out: this change printed more than ${logLimits.linesPerChange} lines`

type Row = Omit<LogLine, 'change'> & Readonly<{ change: number }>
type Line = Omit<LogLine, 'seq'>

export function sqliteLog(database: Database): StepLog {
  const of = database.query<Row>('select * from lines where change = ? and seq > ? order by seq limit ?')
  const since = database.query<Row>('select * from lines where seq > ? order by seq limit ?')
  // The counter outlives the lines: a pruned log gives no number twice.
  const last = database.query<{ seq: number }>("select seq from sqlite_sequence where name = 'lines'")
  const write = writing(database)
  const prune = pruning(database)
  return {
    append: (lines) =>
      database.write(() => {
        const isNew = lines.map(write).includes(true)
        if (isNew) prune()
      }),
    of: async (change, after, limit) => of.all(numberOf(change), after, limit).map(lineOf),
    since: async (seq, limit) => since.all(seq, limit).map(lineOf),
    lastSeq: async () => last.one()?.seq ?? 0,
  }
}

/** Writes one line, or nothing once its change has printed too much; says whether it is the first of its change. */
function writing(database: Database): (line: Line) => boolean {
  const insert = database.command('insert into lines (change, at, step, host, text) values (?, ?, ?, ?, ?)')
  const count = database.query<{ lines: number }>(
    `insert into counts (change, lines) values (?, 1)
      on conflict (change) do update set lines = lines + 1 returning lines`,
  )
  return ({ change, at, step, host, text }) => {
    const number = numbered(change)
    const lines = count.one(number)?.lines ?? 0
    if (lines <= logLimits.linesPerChange) insert(number, at, step, host, shortened(text))
    if (lines === logLimits.linesPerChange + 1) insert(number, at, step, null, leftOut)
    return lines === 1
  }
}

/** Forgets the lines of all but the newest changes that have printed something. */
function pruning(database: Database): () => void {
  const oldest = database.query<{ change: number }>(
    'select change from counts order by change desc limit 1 offset ?',
  )
  const lines = database.command('delete from lines where change <= ?')
  const counts = database.command('delete from counts where change <= ?')
  return () => {
    const end = oldest.one(logLimits.changes)?.change
    if (end === undefined) return
    lines(end)
    counts(end)
  }
}

function shortened(text: string): string {
  const over = text.length - logLimits.charactersPerLine
  return over <= 0 ? text : `${text.slice(0, logLimits.charactersPerLine)}… (${over} characters left out)`
}

const lineOf = (row: Row): LogLine => ({ ...row, change: idOf(row.change) })
