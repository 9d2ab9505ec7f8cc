import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Context } from '../../../../sdk/flag/flag.ts'
import { flagsOf } from '../../../../sdk/flags.ts'
import { TroubleError } from '../../../change/trouble.ts'
import { fromUnleash } from './import.ts'

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8')
}

test('flags of Unleash give everybody what its own client gave them', () => {
  const { set } = fromUnleash(fixture('unleash.json'), null)
  const { people, answers } = JSON.parse(fixture('unleash-answers.json')) as Readonly<{
    people: readonly Context[]
    answers: Readonly<Record<string, readonly unknown[]>>
  }>
  assert.deepEqual(Object.keys(set.flags), Object.keys(answers))
  const flags = flagsOf(set)
  for (const [key, expected] of Object.entries(answers)) {
    const found = people.map((person) => flags.peek(key, person).value ?? null)
    assert.deepEqual(found, expected, key)
  }
})

test('says what is left out, and what to know about the rest', () => {
  const { set, remarks } = fromUnleash(fixture('unleash.json'), null)
  const on = (key: string) =>
    remarks.filter(({ flag }) => flag === key).map(({ isLeftOut, says }) => `${isLeftOut}: ${says}`)
  assert.deepEqual(on('happy-hour'), [
    'true: it asks the clock: here, what happens at a time is a change made at that time',
  ])
  assert.deepEqual(on('home-made'), ["true: its strategy 'activeForFullMoon' is not one that is known here"])
  assert.match(on('unknown-segment').join(), /^true: it names the segment 8, and the file does not say/)
  assert.match(on('button').join(), /^false: it has variants: programs ask for its value/)
  assert.deepEqual(on('half'), [])
  assert.deepEqual(Object.keys(set.segments), ['grown-ups'])
  assert.equal(set.flags['half']?.rules?.[0]?.name, 'Half of them')
})

test('of an export, one environment is taken, and strategies in their order', () => {
  const text = fixture('unleash-export.json')
  assert.throws(
    () => fromUnleash(text, null),
    (error) =>
      error instanceof TroubleError &&
      error.trouble.what === 'the file has 2 environments: production, development',
  )
  const { set, remarks } = fromUnleash(text, 'production')
  assert.deepEqual(set.flags['beta'], {
    type: 'boolean',
    on: true,
    variants: { on: true, off: false },
    default: 'off',
    off: 'off',
    rules: [
      { id: 'r1', share: { hash: 'unleash', salt: 'beta', weight: 25, of: 100 }, serve: 'on' },
      { id: 'r2', when: { attribute: 'targetingKey', op: 'in', value: ['anna'] }, serve: 'on' },
    ],
    about: { tags: ['simple:checkout', 'project:shop'] },
  })
  assert.match(
    remarks.find(({ flag }) => flag === 'half')?.says ?? '',
    /what \/api\/client\/features answers/,
  )
  assert.deepEqual(fromUnleash(text, 'development').set.flags['half']?.rules, [
    { id: 'r1', when: { attribute: 'targetingKey', op: 'present' }, serve: 'on' },
  ])
})

test('one feature that cannot be read does not keep the others out', () => {
  const features = [
    { name: 'odd', enabled: 'yes', strategies: [] },
    { name: 'fine', enabled: true, strategies: [] },
  ]
  const { set, remarks } = fromUnleash(JSON.stringify({ features }), null)
  assert.deepEqual(Object.keys(set.flags), ['fine'])
  assert.match(remarks.find(({ flag }) => flag === 'odd')?.says ?? '', /^it cannot be read: enabled:/)
})
