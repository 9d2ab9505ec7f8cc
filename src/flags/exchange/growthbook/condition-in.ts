import { isObject, type Members } from '../../../../sdk/flag/check-shape.ts'
import type { AttributePath, Condition } from '../../../../sdk/flag/flag.ts'
import { anyCase } from '../any-case.ts'
import { listOf, membersOf, textOf } from '../read.ts'
import { NoEqual } from '../remark.ts'

/** What GrowthBook knows somebody by is the targeting key of OpenFeature. */
export function attributeIn(name: string): AttributePath {
  return name === 'id' ? 'targetingKey' : name
}

const depthLimit = 20

/** Which savedGroups there are, and how deep conditions lie in each other. */
export type Around = Readonly<{ savedGroups: Members; depth: number }>

/** A condition of GrowthBook as one of ours. Throws NoEqual. */
export function conditionIn(condition: Members, above: Around): Condition {
  if (above.depth > depthLimit)
    throw new NoEqual(`its conditions lie more than ${depthLimit} deep in each other`)
  const around = { ...above, depth: above.depth + 1 }
  return together(Object.entries(condition).map(([name, value]) => partIn(name, value, around)))
}

function together(parts: readonly Condition[]): Condition {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : { all: parts }
}

function partIn(name: string, value: unknown, around: Around): Condition {
  const each = () => listOf(value).map((part) => conditionIn(membersOf(part), around))
  switch (name) {
    case '$and':
      return { all: each() }
    case '$or':
      return listOf(value).length === 0 ? { all: [] } : { any: each() }
    case '$nor':
      return listOf(value).length === 0 ? { any: [] } : { not: { any: each() } }
    case '$not':
      return { not: conditionIn(membersOf(value), around) }
    case '$savedGroup':
      return savedGroup(membersOf(value), around)
    default:
      return valueIn(attributeIn(name), value, around)
  }
}

function savedGroup({ id, attributeKey }: Members, around: Around): Condition {
  const group = membersOf(around.savedGroups[textOf(id) ?? ''])
  if (group['type'] === 'condition') return conditionIn(membersOf(group['condition']), around)
  const attribute = textOf(attributeKey) ?? textOf(group['attributeKey'])
  if (group['type'] !== 'list' || attribute === null)
    throw new NoEqual(
      `it names the saved group '${textOf(id) ?? ''}', and the file does not say who is in there`,
    )
  return listed(attributeIn(attribute), listOf(group['values']))
}

function absent(attribute: AttributePath): Condition {
  return { not: { attribute, op: 'present' } }
}

/** GrowthBook takes what is not there for null, and null for 0 and ''. */
function valueIn(attribute: AttributePath, value: unknown, around: Around): Condition {
  if (value === null) return absent(attribute)
  if (typeof value === 'string') return { attribute, op: 'in', value: alike(value) }
  if (typeof value === 'number') {
    const values = value === 1 ? [1, '1', true] : [value, String(value)]
    if (value !== 0) return { attribute, op: 'in', value: values }
    return { any: [{ attribute, op: 'in', value: [0, '0', '', false] }, absent(attribute)] }
  }
  if (typeof value === 'boolean') {
    const isNothing: Condition = { attribute, op: 'in', value: [false, 0, ''] }
    return { all: [{ attribute, op: 'present' }, value ? { not: isNothing } : isNothing] }
  }
  const operators = isObject(value) ? Object.entries(value) : []
  if (operators.length === 0 || operators.some(([name]) => !name.startsWith('$')))
    throw new NoEqual('it compares an attribute with a whole object or list')
  return together(
    operators.map(([operator, expected]) => operatorIn(operator, attribute, { expected, around })),
  )
}

/** A text and what reads like it. */
function alike(text: string): readonly (string | number | boolean)[] {
  if (text === 'true' || text === 'false') return [text, text === 'true']
  return text === String(Number(text)) && Number.isFinite(Number(text)) ? [text, Number(text)] : [text]
}

const orders = { $lt: 'below', $lte: 'at-most', $gt: 'above', $gte: 'at-least' } as const
const versions = { $veq: '=', $vgt: '>', $vgte: '>=', $vlt: '<', $vlte: '<=' } as const

type Expected = Readonly<{ expected: unknown; around: Around }>

function operatorIn(operator: string, attribute: AttributePath, { expected, around }: Expected): Condition {
  switch (operator) {
    case '$eq':
      return listed(attribute, [expected])
    case '$ne':
      return { not: listed(attribute, [expected]) }
    case '$in':
      return listed(attribute, listOf(expected))
    case '$nin':
      return { not: listed(attribute, listOf(expected)) }
    case '$ini':
      return anyCase(attribute, textsIn(expected), 'whole')
    case '$nini':
      return { not: anyCase(attribute, textsIn(expected), 'whole') }
    case '$inGroup':
      return listed(attribute, groupIn(expected, around))
    case '$notInGroup':
      return { not: listed(attribute, groupIn(expected, around)) }
    case '$all':
      return { all: listOf(expected).map((each) => listed(attribute, [each])) }
    case '$exists':
      return expected === true ? { attribute, op: 'present' } : absent(attribute)
    case '$not':
      return { not: valueIn(attribute, expected, around) }
    case '$regex':
      return { attribute, op: 'matches', value: textOf(expected) ?? '' }
    case '$regexi':
      return { attribute, op: 'matches', value: `(?i)${textOf(expected) ?? ''}` }
    case '$lt':
    case '$lte':
    case '$gt':
    case '$gte':
      return ordered(operator, attribute, expected)
    case '$vne':
      return { not: { attribute, op: 'version', value: `=${textOf(expected) ?? ''}` } }
    case '$veq':
    case '$vgt':
    case '$vgte':
    case '$vlt':
    case '$vlte': {
      const condition: Condition = {
        attribute,
        op: 'version',
        value: `${versions[operator]}${textOf(expected) ?? ''}`,
      }
      // What is not there is version 0.
      return operator === '$vlt' || operator === '$vlte' ? { any: [condition, absent(attribute)] } : condition
    }
    default:
      throw new NoEqual(`there is no '${operator}' here`)
  }
}

/** Null in a list is for those who do not have the attribute. */
function listed(attribute: AttributePath, values: readonly unknown[]): Condition {
  const value = values.filter(
    (each) => typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean',
  )
  const withNull = values.includes(null)
  if (value.length + (withNull ? 1 : 0) < values.length)
    throw new NoEqual('it compares an attribute with a whole object or list')
  const condition: Condition = value.length === 0 ? { any: [] } : { attribute, op: 'in', value }
  return withNull ? { any: [condition, absent(attribute)] } : condition
}

function textsIn(expected: unknown): readonly string[] {
  const texts = listOf(expected).filter((each) => typeof each === 'string')
  if (texts.length === 0) throw new NoEqual('its list for upper and lower case has no texts')
  return texts
}

function groupIn(expected: unknown, { savedGroups }: Around): readonly unknown[] {
  const group = savedGroups[textOf(expected) ?? '']
  if (Array.isArray(group)) return group
  const { type, values } = membersOf(group)
  if (type === 'list' && Array.isArray(values)) return values
  throw new NoEqual(
    `it names the saved group '${textOf(expected) ?? ''}', and the file does not say who is in there`,
  )
}

/** What is not there counts as 0. */
function ordered(operator: keyof typeof orders, attribute: AttributePath, expected: unknown): Condition {
  if (typeof expected !== 'number')
    throw new NoEqual(`it orders texts ('${operator}'), and only numbers have an order here`)
  const condition: Condition = { attribute, op: orders[operator], value: expected }
  const zero = { $lt: 0 < expected, $lte: 0 <= expected, $gt: 0 > expected, $gte: 0 >= expected }[operator]
  return zero ? { any: [condition, absent(attribute)] } : condition
}
