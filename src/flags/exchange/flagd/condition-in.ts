import type { Condition } from '../../../../sdk/flag/flag.ts'
import { NoEqual, type Tell } from '../remark.ts'
import type { Logic } from './logic.ts'

/** What an expression is read with. */
export type Reading = Readonly<{
  flag: string
  tell: Tell
  /** The condition that a reference names: a segment. */
  segment: (name: string) => Condition
  depth: number
}>

export const everybody: Condition = { all: [] }
const nobody: Condition = { any: [] }

const depthLimit = 50

/** The operator of an expression, and what it is given; null for a value. */
export function operation(logic: Logic): Readonly<{ operator: string; given: readonly Logic[] }> | null {
  if (typeof logic !== 'object' || logic === null || Array.isArray(logic)) return null
  const entries = Object.entries(logic)
  const [first] = entries
  if (first === undefined || entries.length > 1) return null
  const [operator, given] = first
  return { operator, given: Array.isArray(given) ? given : [given] }
}

export function deeper<T extends Reading>(reading: T): T {
  if (reading.depth > depthLimit)
    throw new NoEqual(`its expressions lie more than ${depthLimit} deep in each other`)
  return { ...reading, depth: reading.depth + 1 }
}

/** Whether an expression holds, as a condition of ours. Throws NoEqual. */
export function conditionIn(logic: Logic, above: Reading): Condition {
  const reading = deeper(above)
  if (logic === true) return everybody
  if (logic === false || logic === null) return nobody
  const found = operation(logic)
  if (found === null) throw new NoEqual(`${shown(logic)} is no condition`)
  const { operator, given } = found
  const inner = (each: Logic) => conditionIn(each, reading)
  const [first = null, second = null, third = null] = given
  switch (operator) {
    case 'and':
      return given.length === 1 ? inner(first) : { all: given.map(inner) }
    case 'or':
      return given.length === 1 ? inner(first) : { any: given.map(inner) }
    case '!':
      return { not: inner(first) }
    case '!!':
      return inner(first)
    case 'if':
    case '?:':
      return chosen(given, inner)
    case 'var':
      return truthOf(variableIn(logic))
    case '$ref':
      return reading.segment(nameIn(first))
    case 'missing':
      return { any: given.flatMap((each) => missing(nameIn(each))) }
    default:
      return comparison(operator, [first, second, third].slice(0, given.length), reading)
  }
}

function nameIn(logic: Logic): string {
  if (typeof logic !== 'string') throw new NoEqual(`${shown(logic)} is written where a name must be`)
  return logic
}

/** `if` where a condition is asked for. */
function chosen(given: readonly Logic[], inner: (logic: Logic) => Condition): Condition {
  const [test = null, then, ...rest] = given
  if (then === undefined) return inner(test)
  return {
    any: [{ all: [inner(test), inner(then)] }, { all: [{ not: inner(test) }, chosen(rest, inner)] }],
  }
}

/** JsonLogic takes 0, '' and what is not there for false. */
function truthOf(attribute: string): Condition {
  return {
    all: [{ attribute, op: 'present' }, { not: { attribute, op: 'in', value: [false, 0, ''] } }],
  }
}

function missing(attribute: string): readonly Condition[] {
  return [{ not: { attribute, op: 'present' } }, { attribute, op: 'equals', value: '' }]
}

/** Where an expression looks. */
export function variableIn(logic: Logic): string {
  const found = operation(logic)
  const [name = null, otherwise = null] = found?.operator === 'var' ? found.given : []
  if (typeof name !== 'string')
    throw new NoEqual(`${shown(logic)} is asked where the name of an attribute must be`)
  if (otherwise !== null) throw new NoEqual(`'${name}' has a value for those without it`)
  if (name === '$flagd.timestamp')
    throw new NoEqual('it asks the clock: here, what happens at a time is a change made at that time')
  if (name === '$flagd.flagKey') throw new NoEqual('it asks for its own key')
  if (name.split('.').some((step) => /^\d*$/.test(step))) throw new NoEqual(`'${name}' is no path of names`)
  return name
}

function isVariable(logic: Logic): boolean {
  return operation(logic)?.operator === 'var'
}

function comparison(operator: string, given: readonly Logic[], reading: Reading): Condition {
  const [first = null, second = null, third] = given
  switch (operator) {
    case '==':
    case '===':
      return equality(first, second, operator === '==' ? reading.tell : () => {})
    case '!=':
    case '!==':
      return { not: equality(first, second, operator === '!=' ? reading.tell : () => {}) }
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (third === undefined) return inequality(operator, first, second)
      return { all: [inequality(operator, first, second), inequality(operator, second, third)] }
    case 'in':
      return membership(first, second, reading.tell)
    case 'starts_with':
    case 'ends_with':
      return affix(operator === 'starts_with' ? 'starts-with' : 'ends-with', first, second)
    case 'sem_ver':
      return version(first, second, third ?? null)
    default:
      throw new NoEqual(`there is no '${operator}' here`)
  }
}

function equality(a: Logic, b: Logic, tell: Tell): Condition {
  const [variable, value] = isVariable(b) ? [b, a] : [a, b]
  if (typeof value === 'object' && value !== null) throw new NoEqual(`it compares with ${shown(value)}`)
  const attribute = variableIn(variable)
  if (value === null) return { not: { attribute, op: 'present' } }
  if (typeof value !== 'string' || /^\s*-?[\d.]*\s*$/.test(value))
    tell(
      `\`==\` takes ${shown(value)} for the same as a text or number that reads like it; here it is only ${shown(value)}`,
    )
  return { attribute, op: 'equals', value }
}

const senses = { '<': 'below', '<=': 'at-most', '>': 'above', '>=': 'at-least' } as const
const turned = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function inequality(operator: keyof typeof senses, a: Logic, b: Logic): Condition {
  const isTurned = isVariable(b)
  const [variable, value] = isTurned ? [b, a] : [a, b]
  const attribute = variableIn(variable)
  if (typeof value !== 'number')
    throw new NoEqual(`it orders '${attribute}' by ${shown(value)}, which is no number`)
  return { attribute, op: senses[isTurned ? turned[operator] : operator], value }
}

/** A list that has the attribute, or an attribute that has the text. */
function membership(a: Logic, b: Logic, tell: Tell): Condition {
  if (isVariable(a) && Array.isArray(b)) {
    const attribute = variableIn(a)
    const value = b.filter((each) => ['string', 'number', 'boolean'].includes(typeof each))
    if (value.length < b.length)
      throw new NoEqual(`the list for '${attribute}' has more than texts and numbers in it`)
    return value.length === 0
      ? nobody
      : { attribute, op: 'in', value: value as (string | number | boolean)[] }
  }
  if (!isVariable(b) || typeof a !== 'string' || a === '')
    throw new NoEqual('`in` is neither an attribute in a list nor a text in an attribute')
  const attribute = variableIn(b)
  tell(`where '${attribute}' is a list, it holds here also when an element only contains ${shown(a)}`)
  return { attribute, op: 'contains', value: a }
}

function affix(op: 'starts-with' | 'ends-with', variable: Logic, value: Logic): Condition {
  const attribute = variableIn(variable)
  if (typeof value !== 'string') throw new NoEqual(`the text for '${attribute}' is ${shown(value)}`)
  // Every text begins and ends with nothing, and what is no text does not.
  if (value === '') return { any: [{ attribute, op: 'matches', value: '^' }] }
  return { attribute, op, value }
}

/** For flagd `^` is any version with the same major, and `~` with the same minor as well. */
function version(variable: Logic, sense: Logic, value: Logic): Condition {
  const attribute = variableIn(variable)
  const bound = typeof value === 'string' ? value.replace(/^[vV]/, '') : ''
  const [, major = '', minor = '0'] = /^(\d{1,9})(?:\.(\d{1,9}))?/.exec(bound) ?? []
  if (major === '' || typeof sense !== 'string' || !/^(=|!=|<|<=|>|>=|\^|~)$/.test(sense))
    throw new NoEqual(`'${attribute}' is compared with ${shown(value)} by ${shown(sense)}`)
  const next = sense === '^' ? `${Number(major) + 1}.0.0-0` : `${major}.${Number(minor) + 1}.0-0`
  const first = sense === '^' ? `${major}.0.0-0` : `${major}.${minor}.0-0`
  const isNear = sense === '^' || sense === '~'
  return { attribute, op: 'version', value: isNear ? `>=${first} <${next}` : `${sense}${bound}` }
}

export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
