import { loadavg } from 'node:os'

type Cell = string | number

/** Lines of a table: the first row is the head; numbers stand to the right. */
export function table(rows: readonly (readonly Cell[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length)),
  )
  const lineOf = (row: readonly Cell[]): string =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? ''
        return typeof cell === 'number' ? String(cell).padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const [head, ...rest] = rows.map(lineOf)
  return [head ?? '', widths.map((width) => '-'.repeat(width)).join('  '), ...rest].join('\n')
}

/** What else this machine is doing: figures that were taken while others worked are not comparable. */
export function load(): string {
  return `load average ${loadavg()
    .map((value) => value.toFixed(1))
    .join(' ')}`
}
