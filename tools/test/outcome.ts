/**
 * What a part of the test run came to; `unsteady` tests failed at first and are among those that passed. `notes` are told at
 * the end: what failed to run, what was left out and why.
 */
export type Outcome = Readonly<{
  part: string
  passed: number
  failed: number
  skipped: number
  unsteady: number
  ms: number
  notes: readonly string[]
}>

const columns = ['part', 'passed', 'failed', 'skipped', 'seconds'] as const

/** The table at the end of a run, parts in the order they ran. */
export function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ part, passed, failed, skipped, ms }) => [
    part,
    String(passed),
    String(failed),
    String(skipped),
    (ms / 1000).toFixed(1),
  ])
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...rows.map((row) => (row[at] ?? '').length)),
  )
  return [columns, ...rows]
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  '),
    )
    .join('\n')
}

/** The notes of all parts, each under the part's name; empty when there is nothing to tell. */
export function notesOf(outcomes: readonly Outcome[]): string {
  return outcomes.flatMap(({ part, notes }) => notes.map((note) => `${part}: ${note}`)).join('\n')
}

/** The very last line of a run. */
export function verdict(outcomes: readonly Outcome[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped' | 'unsteady') =>
    outcomes.reduce((total, one) => total + one[key], 0)
  const rare = (['skipped', 'unsteady'] as const).filter((key) => sum(key) > 0)
  const counts = rare.map((key) => `, ${sum(key)} ${key}`).join('')
  return `${sum('passed')} passed, ${sum('failed')} failed${counts}`
}

/** A run is good when nothing failed and something passed. */
export function isGood(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ failed }) => failed === 0) && outcomes.some(({ passed }) => passed > 0)
}
