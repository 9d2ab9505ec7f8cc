import { stepsOf } from '../../../../sdk/condition/attribute.ts'
import type {
  AttributeCondition,
  AttributePath,
  Condition,
  FlagSet,
  Requirement,
  Segment,
} from '../../../../sdk/flag/flag.ts'
import { NoEqual, type Tell } from '../remark.ts'
import type { Logic } from './logic.ts'

/** What an expression is built out of. */
export type Building = Readonly<{
  set: FlagSet
  tell: Tell
  /** Counts a part. Throws when there are too many: flags that require flags can grow without end. */
  spend: () => void
  /** Which variant a flag gives. */
  decisionOf: (key: string) => Logic
}>

/**
 * A condition in the words of flagd. Segments and flags that it names are written out, as flagd's references do not nest.
 * It is the same for people whose attributes are texts, numbers, true and false.
 */
export function conditionLogic(condition: Condition, building: Building): Logic {
  building.spend()
  const each = (parts: readonly Condition[]) => parts.map((part) => conditionLogic(part, building))
  if ('all' in condition) return allOf(each(condition.all))
  if ('any' in condition) return anyOf(each(condition.any))
  if ('not' in condition) return { '!': [conditionLogic(condition.not, building)] }
  if ('segment' in condition) return segmentLogic(condition.segment, building)
  if ('flag' in condition) return requirementLogic(condition, building)
  return attributeLogic(condition)
}

/** Whether another flag gives one of these variants. */
export function requirementLogic({ flag, serves }: Requirement, building: Building): Logic {
  building.spend()
  return { in: [building.decisionOf(flag), serves] }
}

export function allOf(parts: readonly Logic[]): Logic {
  const [only = true] = parts
  return parts.length < 2 ? only : { and: parts }
}

function anyOf(parts: readonly Logic[]): Logic {
  const [only = false] = parts
  return parts.length < 2 ? only : { or: parts }
}

function segmentLogic(key: string, building: Building): Logic {
  const { include = [], exclude = [], when }: Segment = building.set.segments[key] ?? {}
  const who = { var: 'targetingKey' }
  const included = [
    ...(include.length === 0 ? [] : [{ in: [who, include] }]),
    ...(when === undefined ? [] : [conditionLogic(when, building)]),
  ]
  const excluded = exclude.length === 0 ? [] : [{ '!': [{ in: [who, exclude] }] }]
  return allOf([...excluded, anyOf(included)])
}

function attributeLogic(condition: AttributeCondition): Logic {
  const found = variable(condition.attribute)
  switch (condition.op) {
    case 'present':
      return { '!==': [found, null] }
    case 'equals':
      return { '===': [found, condition.value] }
    case 'in':
      return { in: [found, condition.value] }
    case 'contains':
      return oneOf(condition.value, (text) => allOf([isText(found), { in: [text, found] }]))
    case 'starts-with':
      return oneOf(condition.value, (text) => ({ starts_with: [found, text] }))
    case 'ends-with':
      return oneOf(condition.value, (text) => ({ ends_with: [found, text] }))
    case 'version':
      return allOf([isText(found), oneOf(condition.value, (text) => versionLogic(found, text))])
    case 'below':
      return numberLogic('<', found, condition.value)
    case 'at-most':
      return numberLogic('<=', found, condition.value)
    case 'above':
      return numberLogic('>', found, condition.value)
    case 'at-least':
      return numberLogic('>=', found, condition.value)
    case 'matches':
      throw new NoEqual('flagd has no patterns (`matches`)')
    case 'in-network':
      throw new NoEqual('flagd has no network ranges (`in-network`)')
    case 'before':
    case 'since':
      throw new NoEqual(`flagd has no dates (\`${condition.op}\`)`)
  }
}

/** Where flagd finds an attribute. */
export function variable(path: AttributePath): Logic {
  const steps = stepsOf(path)
  const odd = steps.find((step) => step.includes('.') || /^\d*$/.test(step))
  if (odd !== undefined) throw new NoEqual(`flagd cannot name an attribute with '${odd}' in its path`)
  return { var: steps.join('.') }
}

/** Other operators of JsonLogic fail on what is no text, and fail the whole flag with them. */
function isText(found: Logic): Logic {
  return { starts_with: [found, ''] }
}

function oneOf(words: string | readonly string[], logicOf: (word: string) => Logic): Logic {
  return anyOf((typeof words === 'string' ? [words] : words).map(logicOf))
}

/** JsonLogic takes nothing, true and texts of digits for numbers; we do not. */
function numberLogic(operator: string, found: Logic, limit: number): Logic {
  return allOf([
    { '!==': [found, null] },
    { '!': [isText(found)] },
    { '!': [{ in: [found, [true, false]] }] },
    { [operator]: [found, limit] },
  ])
}

/** For flagd `^` and `~` are the same major, or minor, version; for us they are at least that version as well. */
function versionLogic(found: Logic, constraint: string): Logic {
  return allOf(
    constraint
      .trim()
      .split(/\s+/)
      .flatMap((bound) => {
        const [, sense = '=', version = ''] = /^(=|!=|<=|<|>=|>|~|\^)?v?(.*)$/.exec(bound) ?? []
        const whole = wholeVersion(version)
        const near = sense === '^' || sense === '~'
        return [
          ...(near ? [{ sem_ver: [found, '>=', whole] }] : []),
          { sem_ver: [found, sense === '' ? '=' : sense, whole] },
        ]
      }),
  )
}

/** With the parts that are missing. */
function wholeVersion(version: string): string {
  const [, major = '0', minor = '0', patch = '0', rest = ''] =
    /^(\d+)(?:\.(\d+))?(?:\.(\d+))?(.*)$/.exec(version) ?? []
  return `${major}.${minor}.${patch}${rest}`
}
