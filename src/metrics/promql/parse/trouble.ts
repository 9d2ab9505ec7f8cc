/** Why a query cannot be read: the words of Prometheus, with line and column (in bytes, both from 1) in front. */
export class QueryTrouble extends Error {
  readonly line: number
  readonly column: number

  constructor(query: string, at: number, what: string) {
    const before = query.slice(0, at)
    const line = before.split('\n').length
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1)) + 1
    super(`${line}:${column}: parse error: ${what}`)
    this.name = 'QueryTrouble'
    this.line = line
    this.column = column
  }
}
