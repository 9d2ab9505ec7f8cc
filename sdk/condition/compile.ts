import type { AttributeCondition, Condition, Context, Requirement } from '../flag/flag.ts'
import { matcherOf } from '../regex/matcher.ts'
import { plainName, type Read, readerOf } from './attribute.ts'
import { endsWith, startsWith } from './affix.ts'
import { momentOf, readMoment } from './date.ts'
import { networkTest } from './network.ts'
import { quickWay } from './quick.ts'
import { versionTest } from './version.ts'

/** What goes on from a context to an answer. It throws nothing of itself, keeps nothing, and allocates nothing. */
export type Way<T> = (context: Context) => T

/** A condition as a function. */
export type Test = Way<boolean>

/** Where a condition goes on to, for those who fulfil it and for those who do not. */
export type Fork<T> = Readonly<{ yes: Way<T>; no: Way<T> }>

/** What conditions ask others for. */
export type Others = Readonly<{
  segment: (key: string) => Test
  requirement: (requirement: Requirement) => Test
}>

/** Goes on to nowhere. */
export const yesOrNo: Fork<boolean> = { yes: () => true, no: () => false }

/** Makes a condition, which has passed its checks, into a function, once. */
export function testOf(condition: Condition, others: Others): Test {
  return wayOf(condition, others, yesOrNo)
}

/**
 * Makes a condition, which has passed its checks, into a function that goes on by itself (continuation-passing style):
 * nothing is answered in between, so that each condition on the way costs one call.
 */
export function wayOf<T>(condition: Condition, others: Others, fork: Fork<T>): Way<T> {
  const { yes, no } = fork
  if ('all' in condition)
    return condition.all.reduceRight<Way<T>>((next, part) => wayOf(part, others, { yes: next, no }), yes)
  if ('any' in condition)
    return condition.any.reduceRight<Way<T>>((next, part) => wayOf(part, others, { yes, no: next }), no)
  if ('not' in condition) return wayOf(condition.not, others, { yes: no, no: yes })
  if ('segment' in condition) return forked(others.segment(condition.segment), fork)
  if ('flag' in condition) return forked(others.requirement(condition), fork)
  return attributeWay(condition, fork)
}

/** Goes on where a test says. */
function forked<T>(test: Test, { yes, no }: Fork<T>): Way<T> {
  return (context) => (test(context) ? yes(context) : no(context))
}

type Holds = (value: unknown) => boolean

/** A list fulfils what one of its elements fulfils. */
function attributeWay<T>(condition: AttributeCondition, fork: Fork<T>): Way<T> {
  const read = readerOf(condition.attribute)
  if (condition.op === 'present') return forked(presentTest(read), fork)
  const holds = holdsOf(condition)
  const many = (list: object): boolean => Array.isArray(list) && someOf(list, holds)
  const name = plainName(condition.attribute)
  const quick = name === null ? null : quickWay(name, condition, many, fork)
  if (quick !== null) return quick
  const { yes, no } = fork
  return (context) => {
    const value = read(context)
    return holds(value) || (typeof value === 'object' && value !== null && many(value))
      ? yes(context)
      : no(context)
  }
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
      return oneHolds(words, (word) => (value) => typeof value === 'string' && startsWith(value, word))
    case 'ends-with':
      return oneHolds(words, (word) => (value) => typeof value === 'string' && endsWith(value, word))
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
