import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import { contextIn } from './context-in.ts'
import { rollPlans, stagesIn } from './roll-stages.ts'
import { flagAddress, flagRouteOf } from './route.ts'
import { withShare } from './with-share.ts'

test('a flag has an address whatever its key is', () => {
  for (const key of ['new-cart', 'checkout.new-button', 'a/b', 'ä ?#%']) {
    const { pathname, searchParams } = new URL(flagAddress(key, 'production'), 'http://hub')
    assert.deepEqual(flagRouteOf(pathname, searchParams), { page: 'flag', key, environment: 'production' })
  }
  assert.equal(flagRouteOf('/flags/%', new URLSearchParams()), null)
  assert.equal(flagRouteOf('/flags/a/b', new URLSearchParams()), null)
})

test('stages of a rollout grow and say how long they are looked at', () => {
  assert.deepEqual(stagesIn('1% 10m, 10 % 1h,100%'), [
    { percent: 1, holdMs: 600_000 },
    { percent: 10, holdMs: 3_600_000 },
    { percent: 100, holdMs: 0 },
  ])
  for (const plan of rollPlans) assert.notEqual(stagesIn(plan), null, plan)
  for (const text of ['', '10', '50%, 10%', '101%', '0%', '10% 5', '10% 5y', '1%,'])
    assert.equal(stagesIn(text), null, text)
})

test('a person and pairs become a context', () => {
  assert.deepEqual(contextIn(' user-1 ', 'country=DE  age=31 vip=true version=1.2.3 zip=007 empty='), {
    targetingKey: 'user-1',
    country: 'DE',
    age: 31,
    vip: true,
    version: '1.2.3',
    zip: '007',
    empty: '',
  })
  assert.deepEqual(contextIn('', ''), {})
  assert.equal(contextIn('user-1', 'nonsense'), null)
  assert.equal(contextIn('user-1', '=1'), null)
})

test('another share deals nobody anew', () => {
  const draw = { hash: 'tandem-1', salt: 'k3n9:' } as const
  const flag: Flag = {
    type: 'boolean',
    on: true,
    variants: { on: true, off: false },
    default: 'off',
    off: 'off',
    rules: [
      { id: 'a', share: { ...draw, weight: 25, of: 100 }, serve: 'on' },
      { id: 'b', share: { ...draw, weight: 1, of: 7 }, serve: 'on' },
      { id: 'c', serve: 'off' },
    ],
  }
  const shareOf = (edited: Flag, id: string) => edited.rules?.find((rule) => rule.id === id)?.share
  assert.deepEqual(shareOf(withShare(flag, 'a', 0.25), 'a'), { ...draw, weight: 25, of: 10_000 })
  assert.deepEqual(shareOf(withShare(flag, 'b', 50), 'b'), { ...draw, weight: 4, of: 7 })
  assert.deepEqual(withShare(flag, 'c', 50), flag)
})
