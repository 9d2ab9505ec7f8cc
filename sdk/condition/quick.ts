import type { AttributeCondition } from '../flag/flag.ts'
import { endsWith, startsWith } from './affix.ts'
import type { Fork, Way } from './compile.ts'

type Many = (list: object) => boolean

/**
 * The conditions that most rules are made of, as one function each that reads the attribute, looks at it and goes on: a
 * call less for each. `many` is asked about lists. Null for all other conditions, which say the same in two functions.
 */
export function quickWay<T>(
  name: string,
  condition: AttributeCondition,
  many: Many,
  fork: Fork<T>,
): Way<T> | null {
  switch (condition.op) {
    case 'equals':
      return oneOfFew(name, [condition.value], many, fork)
    case 'in':
      return condition.value.length <= 4 ? oneOfFew(name, condition.value, many, fork) : null
    case 'starts-with':
      return typeof condition.value === 'string' ? begins(name, condition.value, many, fork) : null
    case 'ends-with':
      return typeof condition.value === 'string' ? ends(name, condition.value, many, fork) : null
    case 'above':
      return above(name, condition.value, many, fork)
    case 'present':
    case 'contains':
    case 'matches':
    case 'version':
    case 'in-network':
    case 'below':
    case 'at-most':
    case 'at-least':
    case 'before':
    case 'since':
      return null
  }
}

function oneOfFew<T>(
  name: string,
  [a, b = a, c = a, d = a]: readonly unknown[],
  many: Many,
  { yes, no }: Fork<T>,
): Way<T> {
  return (context) => {
    const value = context[name]
    if (value === a || value === b || value === c || value === d) return yes(context)
    return typeof value === 'object' && value !== null && many(value) ? yes(context) : no(context)
  }
}

function begins<T>(name: string, word: string, many: Many, { yes, no }: Fork<T>): Way<T> {
  return (context) => {
    const value = context[name]
    if (typeof value === 'string') return startsWith(value, word) ? yes(context) : no(context)
    return typeof value === 'object' && value !== null && many(value) ? yes(context) : no(context)
  }
}

function ends<T>(name: string, word: string, many: Many, { yes, no }: Fork<T>): Way<T> {
  return (context) => {
    const value = context[name]
    if (typeof value === 'string') return endsWith(value, word) ? yes(context) : no(context)
    return typeof value === 'object' && value !== null && many(value) ? yes(context) : no(context)
  }
}

function above<T>(name: string, limit: number, many: Many, { yes, no }: Fork<T>): Way<T> {
  return (context) => {
    const value = context[name]
    if (typeof value === 'number') return value > limit ? yes(context) : no(context)
    return typeof value === 'object' && value !== null && many(value) ? yes(context) : no(context)
  }
}
