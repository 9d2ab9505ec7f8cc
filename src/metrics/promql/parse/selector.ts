import { metricName } from '../../labels.ts'
import { type Matcher, type MatchOperator, testOf } from '../../matcher.ts'
import { PatternTrouble } from '../../regex/trouble.ts'
import type { VectorSelector } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { unquoted } from './quote.ts'
import type { Token, TokenType } from './token.ts'

const where = 'label matching'

/** Words that are keywords elsewhere and may name a metric. */
const nameWords: ReadonlySet<TokenType> = new Set<TokenType>([
  'avg',
  'bottomk',
  'by',
  'count',
  'count_values',
  'group',
  'identifier',
  'and',
  'or',
  'unless',
  'max',
  'metric identifier',
  'min',
  'offset',
  'quantile',
  'stddev',
  'stdvar',
  'sum',
  'topk',
  'without',
  'start',
  'end',
])

const beginnings: ReadonlySet<TokenType> = new Set<TokenType>(['number', 'string', '(', '{', '+', '-'])

export function mayBeName(type: TokenType): boolean {
  return nameWords.has(type)
}

/** Whether an expression may begin with a token of this type. */
export function mayBegin(type: TokenType): boolean {
  return mayBeName(type) || beginnings.has(type)
}

/** Reads the rest of a selector after the name of its metric, if it has one. */
export function selector(cursor: Cursor, word: Token | null): VectorSelector {
  const start = word === null ? cursor.next.start : word.start
  const braces = cursor.accept('{') === null ? null : matchers(cursor)
  const name = word === null ? '' : word.text
  const list = braces === null ? [] : braces.list
  return {
    type: 'vector',
    name,
    matchers: name === '' ? list : [...list, { name: metricName, operator: '=', value: name }],
    offsetMs: 0,
    pin: null,
    span: { start, end: braces === null ? start + name.length : braces.end },
  }
}

/** Reads what stands in braces; a comma may follow the last condition. */
function matchers(cursor: Cursor): Readonly<{ list: readonly Matcher[]; end: number }> {
  const list: Matcher[] = []
  for (;;) {
    const closed = cursor.accept('}')
    if (closed !== null) return { list, end: closed.end }
    list.push(matcher(cursor))
    if (cursor.accept(',') === null && !cursor.sees('}')) cursor.fail(where, '"," or "}"')
  }
}

function matcher(cursor: Cursor): Matcher {
  const name = cursor.accept('identifier') ?? cursor.fail(where, 'identifier or "}"')
  const operator = operatorOf(cursor.next.type) ?? cursor.fail(where, 'label matching operator')
  cursor.take()
  const value = cursor.accept('string') ?? cursor.fail(where, 'string')
  const read: Matcher = { name: name.text, operator, value: unquoted(value.text) }
  try {
    testOf(read)
  } catch (error) {
    if (error instanceof PatternTrouble) throw cursor.trouble(name.start, error.message)
    throw error
  }
  return read
}

function operatorOf(type: TokenType): MatchOperator | null {
  return type === '=' || type === '!=' || type === '=~' || type === '!~' ? type : null
}
