import type { AttributeCondition, Condition, Context, Requirement } from '../flag/flag.ts'
import { matcherOf } from '../regex/matcher.ts'
import { plainName, type Read, readerOf } from './attribute.ts'
import { momentOf, readMoment } from './date.ts'
import { networkTest } from './network.ts'
import { quickTest } from './quick.ts'
import { versionTest } from './version.ts'

/** A condition as a function. It throws nothing of itself, keeps nothing, and allocates nothing. */
export type Test = (context: Context) => boolean

/** What conditions ask others for. */
export type Others = Readonly<{
  segment: (key: string) => Test
  requirement: (requirement: Requirement) => Test
}>

/** Makes a condition, which has passed its checks, into a function, once. */
export function testOf(condition: Condition, others: Others): Test {
  if ('all' in condition) return allOf(condition.all.map((part) => testOf(part, others)))
  if ('any' in condition) return anyOf(condition.any.map((part) => testOf(part, others)))
  if ('not' in condition) {
    const test = testOf(condition.not, others)
    return (context) => !test(context)
  }
  if ('segment' in condition) return others.segment(condition.segment)
  if ('flag' in condition) return others.requirement(condition)
  return attributeTest(condition)
}

/** Two are the usual case; a loop costs more than what it goes round. */
function allOf(tests: readonly Test[]): Test {
  const [first, second, ...rest] = tests
  if (first === undefined) return () => true
  if (second === undefined) return first
  const both: Test = (context) => first(context) && second(context)
  return rest.length === 0 ? both : allOf([both, ...rest])
}

function anyOf(tests: readonly Test[]): Test {
  const [first, second, ...rest] = tests
  if (first === undefined) return () => false
  if (second === undefined) return first
  const either: Test = (context) => first(context) || second(context)
  return rest.length === 0 ? either : anyOf([either, ...rest])
}

type Holds = (value: unknown) => boolean

/** A list fulfils what one of its elements fulfils. */
function attributeTest(condition: AttributeCondition): Test {
  const read = readerOf(condition.attribute)
  if (condition.op === 'present') return presentTest(read)
  const holds = holdsOf(condition)
  const many = (list: object): boolean => Array.isArray(list) && someOf(list, holds)
  const name = plainName(condition.attribute)
  const quick = name === null ? null : quickTest(name, condition, many)
  return (
    quick ??
    ((context) => {
      const value = read(context)
      return holds(value) || (typeof value === 'object' && value !== null && many(value))
    })
  )
}

function presentTest(read: Read): Test {
  return (context) => {
    const value = read(context)
    return value !== undefined && value !== null
  }
}

const elementsLimit = 1000

function someOf(list: readonly unknown[], holds: Holds): boolean {
  const count = Math.min(list.length, elementsLimit)
  for (let at = 0; at < count; at += 1) if (holds(list[at])) return true
  return false
}

function holdsOf(condition: Exclude<AttributeCondition, { op: 'present' }>): Holds {
  switch (condition.op) {
    case 'equals': {
      const wanted = condition.value
      return (value) => value === wanted
    }
    case 'in': {
      const wanted: ReadonlySet<unknown> = new Set(condition.value)
      return (value) => wanted.has(value)
    }
    case 'below':
    case 'at-most':
    case 'above':
    case 'at-least':
      return numberHolds(condition.op, condition.value)
    case 'before':
    case 'since':
      return dateHolds(condition.op, condition.value)
    case 'contains':
    case 'starts-with':
    case 'ends-with':
    case 'matches':
    case 'version':
    case 'in-network':
      return textHolds(condition)
  }
}

function dateHolds(op: 'before' | 'since', wanted: string | number): Holds {
  const isBefore = op === 'before'
  const moment = typeof wanted === 'number' ? wanted : momentOf(wanted)
  const seen = new Float64Array(1)
  return (value) => {
    if (typeof value === 'string') readMoment(value, seen)
    else seen[0] = typeof value === 'number' ? value : NaN
    const found = seen[0] ?? NaN
    return isBefore ? found < moment : found >= moment
  }
}

function numberHolds(op: 'below' | 'at-most' | 'above' | 'at-least', limit: number): Holds {
  switch (op) {
    case 'below':
      return (value) => typeof value === 'number' && value < limit
    case 'at-most':
      return (value) => typeof value === 'number' && value <= limit
    case 'above':
      return (value) => typeof value === 'number' && value > limit
    case 'at-least':
      return (value) => typeof value === 'number' && value >= limit
  }
}

type TextCondition = Extract<AttributeCondition, { value: string | readonly string[] }>

function textHolds({ op, value: wanted }: TextCondition): Holds {
  const words = typeof wanted === 'string' ? [wanted] : wanted
  switch (op) {
    case 'contains':
      return oneHolds(words, (word) => (value) => typeof value === 'string' && value.includes(word))
    case 'starts-with':
      return oneHolds(words, (word) => (value) => typeof value === 'string' && value.startsWith(word))
    case 'ends-with':
      return oneHolds(words, (word) => (value) => typeof value === 'string' && value.endsWith(word))
    case 'matches':
      return oneHolds(words, (word) => ofText(matcherOf(word)))
    case 'version':
      return oneHolds(words, (word) => ofText(versionTest(word)))
    case 'in-network':
      return ofText(networkTest(words))
  }
}

function oneHolds(words: readonly string[], holdsFor: (word: string) => Holds): Holds {
  const [only = () => false, ...others] = words.map(holdsFor)
  if (others.length === 0) return only
  const all = [only, ...others]
  return (value) => {
    for (const holds of all) if (holds(value)) return true
    return false
  }
}

/** What did not pass the checks at write is never true. */
function ofText(test: ((text: string) => boolean) | null): Holds {
  return (value) => test !== null && typeof value === 'string' && test(value)
}
