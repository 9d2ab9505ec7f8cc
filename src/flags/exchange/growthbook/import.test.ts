import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Context } from '../../../../sdk/flag/flag.ts'
import { flagsOf } from '../../../../sdk/flags.ts'
import { fromGrowthBook } from './import.ts'

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8')
}

test('features of GrowthBook give everybody what its own SDK gave them', () => {
  const { set } = fromGrowthBook(fixture('growthbook.json'), null)
  const { people, answers } = JSON.parse(fixture('growthbook-answers.json')) as Readonly<{
    people: readonly Context[]
    answers: Readonly<Record<string, readonly unknown[]>>
  }>
  assert.deepEqual(Object.keys(set.flags), Object.keys(answers))
  const flags = flagsOf(set)
  for (const [key, expected] of Object.entries(answers)) {
    const found = people.map((person) => flags.peek(key, person).value ?? null)
    const first = found.findIndex((value, at) => JSON.stringify(value) !== JSON.stringify(expected[at]))
    assert.equal(
      first,
      -1,
      `${key} for ${JSON.stringify(people[first])}: ${JSON.stringify([found[first], expected[first]])}`,
    )
  }
})

test('says what is left out, and why', () => {
  const { remarks } = fromGrowthBook(fixture('growthbook.json'), null)
  const leftOut = remarks.filter(({ isLeftOut }) => isLeftOut).map(({ flag, says }) => [flag, says])
  assert.deepEqual(Object.fromEntries(leftOut), {
    middle: 'it takes people out of the middle of their lots: here a share is always the first of them',
    bandit: 'it has a contextual bandit',
    'texts-in-order': "it orders texts ('$gt'), and only numbers have an order here",
    'no-group': "it names the saved group 'grp_9', and the file does not say who is in there",
    'two-types': 'its values are of more than one type',
  })
})

test('takes what the interface of GrowthBook answers, of one environment', () => {
  const text = fixture('growthbook-api.json')
  const { set } = fromGrowthBook(text, 'production')
  assert.deepEqual(set.flags, {
    half: {
      type: 'boolean',
      on: true,
      variants: { off: false, on: true },
      default: 'off',
      off: null,
      rules: [{ id: 'r1', share: { hash: 'gb-1', salt: 'half', weight: 501, of: 1000 }, serve: 'on' }],
      about: { description: 'Half of them', owner: 'anna', tags: ['checkout'] },
    },
  })
  assert.equal(fromGrowthBook(text, 'dev').set.flags['half']?.on, false)
})
