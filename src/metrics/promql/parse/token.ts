import { aggregators } from '../ast.ts'
import { quoted } from './quote.ts'

export const keywords = [
  'offset',
  'by',
  'without',
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'required',
] as const

export const signs = ['(', ')', '{', '}', '[', ']', ',', '=', ':'] as const

/** Operators written with signs; `=~` and `!~` stand only inside braces. */
export const signOperators = [
  '-',
  '+',
  '*',
  '%',
  '/',
  '==',
  '!=',
  '<=',
  '<',
  '>=',
  '>',
  '=~',
  '!~',
  '^',
] as const

export const wordOperators = ['and', 'or', 'unless', 'atan2'] as const

export type TokenType =
  | (typeof keywords)[number]
  | (typeof aggregators)[number]
  | (typeof signs)[number]
  | (typeof signOperators)[number]
  | (typeof wordOperators)[number]
  | 'start'
  | 'end'
  | '@'
  | 'identifier'
  | 'metric identifier'
  | 'number'
  | 'duration'
  | 'string'
  | 'end of input'

/** `text` is what stands in the query, from `start` to `end`. */
export type Token = Readonly<{ type: TokenType; text: string; start: number; end: number }>

const words: ReadonlyMap<string, TokenType> = new Map<string, TokenType>([
  ...wordOperators.map((word) => [word, word] as const),
  ...aggregators.map((word) => [word, word] as const),
  ...keywords.map((word) => [word, word] as const),
  ['start', 'start'],
  ['end', 'end'],
  ['inf', 'number'],
  ['nan', 'number'],
])

/** The type of a word outside braces; keywords may be written in any case. */
export function typeOfWord(word: string): TokenType {
  return words.get(word.toLowerCase()) ?? (word.includes(':') ? 'metric identifier' : 'identifier')
}

const isOneOf = (list: readonly string[], type: TokenType): boolean => list.includes(type)

/** A token as Prometheus names it where it did not expect one. */
export function describe({ type, text }: Token): string {
  if (type === 'end of input') return type
  if (type === 'identifier' || type === 'metric identifier') return `${type} ${quoted(text)}`
  if (type === 'number' || type === 'duration' || type === 'string') return `${type} ${shortened(text)}`
  // Its parser has no name for this one sign, and says the number that it has there.
  return type === '@' ? '"<Item 57385>" <op:@>' : describeWord(type, text)
}

function describeWord(type: TokenType, text: string): string {
  if (isOneOf(keywords, type)) return `<${text}>`
  if (isOneOf(signOperators, type) || isOneOf(wordOperators, type)) return `<op:${text}>`
  if (isOneOf(aggregators, type)) return `<aggr:${text}>`
  return quoted(text)
}

function shortened(text: string): string {
  const characters = Array.from(text)
  return characters.length > 10 ? `${quoted(characters.slice(0, 10).join(''))}...` : quoted(text)
}
