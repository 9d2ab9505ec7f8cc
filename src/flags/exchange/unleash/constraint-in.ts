import type { AttributePath, Condition } from '../../../../sdk/flag/flag.ts'
import { anyCase } from '../any-case.ts'
import { NoEqual } from '../remark.ts'
import type { Constraint } from './shape.ts'

/** What Unleash knows somebody by is the targeting key of OpenFeature. */
export function attributeIn(contextName: string): AttributePath {
  if (contextName === 'userId') return 'targetingKey'
  return contextName.includes('.') ? [contextName] : contextName
}

const nobody: Condition = { any: [] }

/** A constraint as a condition. Throws NoEqual. */
export function constraintIn(constraint: Constraint): Condition {
  const condition = upright(constraint)
  return constraint.inverted === true ? { not: condition } : condition
}

const textSenses = {
  STR_STARTS_WITH: 'starts-with',
  STR_ENDS_WITH: 'ends-with',
  STR_CONTAINS: 'contains',
} as const
const places = { STR_STARTS_WITH: 'start', STR_ENDS_WITH: 'end', STR_CONTAINS: 'anywhere' } as const
const numberSenses = { NUM_GT: 'above', NUM_GTE: 'at-least', NUM_LT: 'below', NUM_LTE: 'at-most' } as const
const versionSenses = {
  SEMVER_EQ: '=',
  SEMVER_GT: '>',
  SEMVER_GTE: '>=',
  SEMVER_LT: '<',
  SEMVER_LTE: '<=',
} as const

function upright({ contextName, operator, values, value, caseInsensitive }: Constraint): Condition {
  const attribute = attributeIn(contextName)
  const words = (values ?? []).filter((each) => each !== '').map((each) => each.trim())
  switch (operator) {
    case 'IN':
      return oneOf(attribute, words)
    case 'NOT_IN':
      return { not: oneOf(attribute, words) }
    case 'STR_STARTS_WITH':
    case 'STR_ENDS_WITH':
    case 'STR_CONTAINS':
      if (words.length === 0) return nobody
      if (caseInsensitive === true) return anyCase(attribute, words, places[operator])
      return { attribute, op: textSenses[operator], value: words }
    case 'NUM_EQ':
      return oneOf(attribute, [numberText(value)])
    case 'NUM_GT':
    case 'NUM_GTE':
    case 'NUM_LT':
    case 'NUM_LTE':
      return { attribute, op: numberSenses[operator], value: Number(numberText(value)) }
    case 'SEMVER_EQ':
    case 'SEMVER_GT':
    case 'SEMVER_GTE':
    case 'SEMVER_LT':
    case 'SEMVER_LTE':
      return { attribute, op: 'version', value: `${versionSenses[operator]}${value ?? ''}` }
    case 'REGEX':
      return { attribute, op: 'matches', value: `${caseInsensitive === true ? '(?i)' : ''}${value ?? ''}` }
    case 'IN_CIDR':
      return words.length === 0 ? nobody : { attribute, op: 'in-network', value: words }
    case 'DATE_AFTER':
    case 'DATE_BEFORE':
      throw new NoEqual('it asks the clock: here, what happens at a time is a change made at that time')
    default:
      throw new NoEqual(`there is no '${operator}' here`)
  }
}

/** Unleash compares texts, so that the number 5 is in a list with "5". */
function oneOf(attribute: AttributePath, words: readonly string[]): Condition {
  if (words.length === 0) return nobody
  const value = words.flatMap((word): (string | number | boolean)[] => {
    if (word === 'true' || word === 'false') return [word, word === 'true']
    return word === String(Number(word)) && Number.isFinite(Number(word)) ? [word, Number(word)] : [word]
  })
  return { attribute, op: 'in', value }
}

function numberText(value: string | null | undefined): string {
  const number = Number(value ?? Number.NaN)
  if (!Number.isFinite(number)) throw new NoEqual(`it compares a number with '${value ?? ''}'`)
  return String(number)
}
