import { stepsOf } from '../../../../sdk/condition/attribute.ts'
import {
  type AttributeCondition,
  type AttributePath,
  type Condition,
  dateOperators,
  numberOperators,
  type operators,
  textOperators,
} from '../../../../sdk/flag/flag.ts'

export type Operator = (typeof operators)[number]

export const conditionKinds = ['attribute', 'segment', 'flag', 'all', 'any', 'not'] as const
export type ConditionKind = (typeof conditionKinds)[number]

export function kindOfCondition(condition: Condition): ConditionKind {
  return conditionKinds.find((kind) => Object.hasOwn(condition, kind)) ?? 'attribute'
}

export const firstCondition: AttributeCondition = { attribute: '', op: 'equals', value: '' }

/** A condition as one of another kind. What is in it stays where the other kind has a place for it. */
export function turnedInto(condition: Condition, kind: ConditionKind): Condition {
  const inside = insideOf(condition)
  switch (kind) {
    case 'all':
      return { all: inside }
    case 'any':
      return { any: inside }
    case 'not':
      return { not: inside.length === 1 ? (inside[0] ?? condition) : condition }
    case 'segment':
      return inside.find((one) => 'segment' in one) ?? { segment: '' }
    case 'flag':
      return inside.find((one) => 'flag' in one) ?? { flag: '', serves: [] }
    case 'attribute':
      return inside.find((one) => 'attribute' in one) ?? firstCondition
  }
}

function insideOf(condition: Condition): readonly Condition[] {
  if ('all' in condition) return condition.all
  if ('any' in condition) return condition.any
  return 'not' in condition ? [condition.not] : [condition]
}

/** What is asked of an attribute, with another operator: the value stays as far as it is one for that. */
export function askedBy(condition: AttributeCondition, op: Operator): AttributeCondition {
  return withValue(condition.attribute, op, valueText(condition))
}

/**
 * A condition whose value is written as text, a line for each where there may be several. What is no such value is kept
 * as it is written: whoever checks the flag says what is wrong with it.
 */
export function withValue(attribute: AttributePath, op: Operator, text: string): AttributeCondition {
  return { attribute, op, ...(op !== 'present' && { value: valueOf(op, text) }) } as AttributeCondition
}

/** The value as `withValue` reads it. */
export function valueText(condition: AttributeCondition): string {
  if (condition.op === 'present') return ''
  const write = isLiteral(condition.op) ? literalText : String
  return Array.isArray(condition.value) ? condition.value.map(write).join('\n') : write(condition.value)
}

/** Whether an operator may be given several values. */
export const takesMany = (op: Operator): boolean => op === 'in' || isOneOf(textOperators, op)

/** An attribute as it is typed; steps with a dot in them stand between slashes. */
export const attributeText = (path: AttributePath): string => {
  const steps = stepsOf(path)
  return steps.some((step) => step.includes('.')) ? steps.join('/') : steps.join('.')
}

export function attributeIn(text: string): AttributePath {
  const steps = text.split('/')
  return steps.length > 1 && steps.some((step) => step.includes('.')) ? steps : text
}

const isOneOf = (list: readonly string[], op: Operator): boolean => list.includes(op)

const isLiteral = (op: Operator): boolean => op === 'equals' || op === 'in'

function valueOf(op: Operator, text: string): unknown {
  if (op === 'in') return linesOf(text).map(literalOf)
  if (op === 'equals') return literalOf(text)
  if (isOneOf(numberOperators, op)) return numberOf(text)
  if (isOneOf(dateOperators, op)) return /^\d{9,}$/.test(text) ? Number(text) : text
  const lines = linesOf(text)
  return lines.length > 1 ? lines : (lines[0] ?? '')
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

const numberOf = (text: string): number | string =>
  text.trim() === '' || !Number.isFinite(Number(text)) ? text : Number(text)

const plainLiteral = /^(?:true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?)$/

/** `18` is a number and `true` is one of two; in quotation marks they are texts. */
function literalOf(text: string): string | number | boolean {
  const quoted = /^"(.*)"$/.exec(text)?.[1]
  if (quoted !== undefined) return quoted
  return plainLiteral.test(text) ? (JSON.parse(text) as number | boolean) : text
}

const literalText = (value: unknown): string =>
  typeof value === 'string' && (plainLiteral.test(value) || /^".*"$/.test(value))
    ? `"${value}"`
    : String(value)
