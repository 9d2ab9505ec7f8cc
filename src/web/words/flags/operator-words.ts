import type { ConditionKind, Operator } from '../../state/flags/condition-draft.ts'

/** What is asked of an attribute, as a person would ask it. */
export const operatorWords: Readonly<Record<Operator, string>> = {
  present: 'is there',
  equals: 'is',
  in: 'is one of',
  contains: 'contains',
  'starts-with': 'starts with',
  'ends-with': 'ends with',
  matches: 'matches the pattern',
  version: 'is a version of',
  'in-network': 'is in the network',
  below: 'is below',
  'at-most': 'is at most',
  above: 'is above',
  'at-least': 'is at least',
  before: 'is before',
  since: 'is since',
}

export const conditionWords: Readonly<Record<ConditionKind, string>> = {
  attribute: 'whose',
  segment: 'those in segment',
  flag: 'those whom',
  all: 'all of these hold',
  any: 'any of these holds',
  not: 'this does not hold',
}
