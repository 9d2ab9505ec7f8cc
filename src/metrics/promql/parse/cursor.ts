import { parseDuration } from './duration.ts'
import { Lexer } from './lexer.ts'
import { parseNumber } from './number.ts'
import { describe, type Token, type TokenType } from './token.ts'
import { QueryTrouble } from './trouble.ts'

/** Expressions nested or chained deeper than this are refused, so that no query can exhaust the stack. */
const depthLimit = 1000

/** The place in a query that is being read. It looks one token ahead, and no sooner than somebody asks. */
export class Cursor {
  readonly #query: string
  readonly #lexer: Lexer
  #ahead: Token | null = null
  /** How many aggregations are open: what is unexpected inside of one is told to be there. */
  #aggregations = 0
  #depth = 0

  constructor(query: string) {
    this.#query = query
    this.#lexer = new Lexer(query)
  }

  get next(): Token {
    this.#ahead ??= this.#lexer.next()
    return this.#ahead
  }

  take(): Token {
    const token = this.next
    this.#ahead = null
    return token
  }

  sees(type: TokenType): boolean {
    return this.next.type === type
  }

  accept(type: TokenType): Token | null {
    return this.sees(type) ? this.take() : null
  }

  expect(type: TokenType): Token {
    return this.accept(type) ?? this.fail()
  }

  inAggregation<T>(read: () => T): T {
    this.#aggregations += 1
    const result = read()
    this.#aggregations -= 1
    return result
  }

  deeper<T>(read: () => T): T {
    this.#depth += 1
    this.notDeeperThan(0)
    const result = read()
    this.#depth -= 1
    return result
  }

  /** Refuses a chain of so many operators. */
  notDeeperThan(chained: number): void {
    if (this.#depth + chained > depthLimit)
      throw this.trouble(this.next.start, `expression is nested deeper than ${depthLimit} levels`)
  }

  /** Refuses the next token. */
  fail(where = this.#aggregations > 0 ? 'aggregation' : '', expected = ''): never {
    const place = where === '' ? '' : ` in ${where}`
    const instead = expected === '' ? '' : `, expected ${expected}`
    throw this.trouble(this.next.start, `unexpected ${describe(this.next)}${place}${instead}`)
  }

  trouble(at: number, what: string): QueryTrouble {
    return new QueryTrouble(this.#query, at, what)
  }

  duration(): number {
    const token = this.take()
    const read = parseDuration(token.text)
    if ('fault' in read) throw this.trouble(token.start, read.fault)
    if (read.ms === 0) throw this.trouble(token.start, 'duration must be greater than 0')
    return read.ms
  }

  number(): number {
    const token = this.take()
    const read = parseNumber(token.text)
    if ('fault' in read) throw this.trouble(token.start, `error parsing number: ${read.fault}`)
    return read.value
  }
}
