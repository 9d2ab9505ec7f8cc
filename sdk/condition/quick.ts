import type { AttributeCondition } from '../flag/flag.ts'
import type { Test } from './compile.ts'

/**
 * The tests that most rules are made of, as one function each that reads the attribute and looks at it: a call less for
 * each answer. `many` is asked about lists. Null for all other tests, which say the same in two functions.
 */
export function quickTest(
  name: string,
  condition: AttributeCondition,
  many: (list: object) => boolean,
): Test | null {
  switch (condition.op) {
    case 'equals':
      return oneOfFew(name, [condition.value], many)
    case 'in':
      return condition.value.length <= 4 ? oneOfFew(name, condition.value, many) : null
    case 'starts-with':
      return typeof condition.value === 'string' ? startsWith(name, condition.value, many) : null
    case 'ends-with':
      return typeof condition.value === 'string' ? endsWith(name, condition.value, many) : null
    case 'above':
      return above(name, condition.value, many)
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

type Many = (list: object) => boolean

function oneOfFew(name: string, [a, b = a, c = a, d = a]: readonly unknown[], many: Many): Test {
  return (context) => {
    const value = context[name]
    if (value === a || value === b || value === c || value === d) return true
    return typeof value === 'object' && value !== null && many(value)
  }
}

function startsWith(name: string, word: string, many: Many): Test {
  return (context) => {
    const value = context[name]
    if (typeof value === 'string') return value.startsWith(word)
    return typeof value === 'object' && value !== null && many(value)
  }
}

function endsWith(name: string, word: string, many: Many): Test {
  return (context) => {
    const value = context[name]
    if (typeof value === 'string') return value.endsWith(word)
    return typeof value === 'object' && value !== null && many(value)
  }
}

function above(name: string, limit: number, many: Many): Test {
  return (context) => {
    const value = context[name]
    if (typeof value === 'number') return value > limit
    return typeof value === 'object' && value !== null && many(value)
  }
}
