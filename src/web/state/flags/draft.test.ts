import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mistakesOfFlag } from '../../../../sdk/flag/check-flag.ts'
import type { AttributeCondition, Flag } from '../../../../sdk/flag/flag.ts'
import {
  askedBy,
  attributeIn,
  attributeText,
  conditionKinds,
  kindOfCondition,
  turnedInto,
  valueText,
  withValue,
} from './condition-draft.ts'
import { firstFlag, flagTypes } from './first-flag.ts'
import { movedBy, withAt } from './edit-list.ts'
import { usersOf } from './users-of.ts'
import { newRule, newShare, newSplit, percentOf, sumOf, withArms, withPercent } from './rule-draft.ts'

const flag: Flag = {
  type: 'string',
  on: true,
  variants: { red: 'r', green: 'g', blue: 'b' },
  default: 'red',
  off: 'red',
}

test('values of every operator come back from their text as they were', () => {
  const conditions: readonly AttributeCondition[] = [
    { attribute: 'a', op: 'present' },
    { attribute: 'a', op: 'equals', value: 18 },
    { attribute: 'a', op: 'equals', value: '18' },
    { attribute: 'a', op: 'equals', value: '007' },
    { attribute: 'a', op: 'equals', value: true },
    { attribute: 'a', op: 'equals', value: '"so called"' },
    { attribute: 'a', op: 'in', value: ['DE', 'a, b', 'true', false, -1.5] },
    { attribute: 'a', op: 'contains', value: 'x' },
    { attribute: 'a', op: 'ends-with', value: ['@a.example', '@b.example'] },
    { attribute: 'a', op: 'in-network', value: '10.0.0.0/8' },
    { attribute: 'a', op: 'above', value: 0.5 },
    { attribute: 'a', op: 'since', value: '2026-01-31' },
    { attribute: 'a', op: 'before', value: 1_790_000_000_000 },
  ]
  for (const condition of conditions)
    assert.deepEqual(withValue('a', condition.op, valueText(condition)), condition)
})

test('what is no number is kept as it is written, for the check to name', () => {
  const typed = withValue('age', 'above', 'old')
  assert.deepEqual(typed, { attribute: 'age', op: 'above', value: 'old' })
  const [mistake] = mistakesOfFlag({ ...flag, rules: [{ id: 'r', when: typed, serve: 'red' }] })
  assert.match(mistake?.now ?? '', /number/)
  assert.deepEqual(askedBy({ attribute: 'age', op: 'equals', value: 18 }, 'at-least'), {
    attribute: 'age',
    op: 'at-least',
    value: 18,
  })
})

test('a condition keeps what is in it when it becomes one of another kind', () => {
  const adult = { attribute: 'age', op: 'at-least', value: 18 } as const
  const team = { segment: 'team' }
  for (const kind of conditionKinds) assert.equal(kindOfCondition(turnedInto(adult, kind)), kind)
  assert.deepEqual(turnedInto(adult, 'all'), { all: [adult] })
  assert.deepEqual(turnedInto({ all: [adult, team] }, 'any'), { any: [adult, team] })
  assert.deepEqual(turnedInto({ any: [adult, team] }, 'not'), { not: { any: [adult, team] } })
  assert.deepEqual(turnedInto({ not: adult }, 'attribute'), adult)
  assert.deepEqual(turnedInto({ any: [adult, team] }, 'segment'), team)
})

test('attributes with dots in their names are steps', () => {
  for (const path of ['email', 'address.country', ['custom', 'geo.city']])
    assert.deepEqual(attributeIn(attributeText(path)), path)
})

test('rules, shares and divisions that are made are right', () => {
  const rule = newRule(flag, 'r1')
  const split = newSplit('r1', Object.keys(flag.variants))
  assert.equal(sumOf(split), 100)
  const uneven = withArms(split, [
    { variant: 'red', percent: 0.01 },
    { variant: null, percent: 99.99 },
  ])
  for (const made of [
    rule,
    { ...rule, share: newShare('r1') },
    { ...rule, serve: split },
    { ...rule, serve: uneven },
  ])
    assert.deepEqual(mistakesOfFlag({ ...flag, rules: [made] }), [])
  assert.equal(percentOf(withPercent(newShare('r1'), 12.34)), 12.34)
  assert.equal(sumOf(withArms(split, [{ variant: 'red', percent: 40 }])), 40)
})

test('a flag of every type begins right', () => {
  for (const type of flagTypes)
    assert.deepEqual(mistakesOfFlag(firstFlag(type, { description: 'x' })), [], type)
})

test('lists are altered at a place, and nothing is moved out of them', () => {
  assert.deepEqual(withAt(['a', 'b'], 1, 'c'), ['a', 'c'])
  assert.deepEqual(withAt(['a', 'b'], 0, null), ['b'])
  assert.deepEqual(movedBy(['a', 'b', 'c'], 2, -1), ['a', 'c', 'b'])
  assert.deepEqual(movedBy(['a', 'b'], 0, -1), ['a', 'b'])
  assert.deepEqual(movedBy(['a', 'b'], 1, 1), ['a', 'b'])
})

test('flags that name a segment are found, also by way of other segments', () => {
  const kept = { rev: 'r', change: 'c1', who: 'ada', at: 0 } as const
  const rules = [{ id: 'r', when: { all: [{ not: { segment: 'inner' } }] }, serve: 'red' }]
  const found = {
    flags: [
      { key: 'by-inner', flag: { ...flag, rules }, ...kept },
      { key: 'by-nobody', flag, ...kept },
    ],
    segments: [
      { key: 'inner', segment: { when: { segment: 'innermost' } }, ...kept },
      { key: 'innermost', segment: {}, ...kept },
    ],
  }
  assert.deepEqual(usersOf('innermost', found), ['by-inner'])
  assert.deepEqual(usersOf('other', found), [])
})
