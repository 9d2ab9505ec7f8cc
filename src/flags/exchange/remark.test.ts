import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { settled } from './remark.ts'

const flag: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
}
const asking = (key: string): Flag => ({ ...flag, requires: [{ flag: key, serves: ['on'] }] })

test('what would be refused is left out, and then what asks for it, and nothing else', () => {
  const { set, remarks } = settled({
    set: {
      flags: {
        good: flag,
        bad: { ...flag, default: 'blue' },
        child: asking('bad'),
        grandchild: asking('child'),
        here: asking('there'),
        there: asking('here'),
        'no key': flag,
      },
      segments: { odd: { when: { segment: 'nothing' } }, fine: { include: ['u1'] } },
    },
    remarks: [
      { flag: 'bad', isLeftOut: false, says: 'its lots are dealt anew' },
      { flag: 'good', isLeftOut: false, says: 'its lots are dealt anew' },
    ],
  })
  assert.deepEqual(Object.keys(set.flags), ['good'])
  assert.deepEqual(Object.keys(set.segments), ['fine'])
  assert.deepEqual(
    remarks.map(({ flag: key, isLeftOut }) => `${key} ${isLeftOut}`),
    [
      'good false',
      'bad true',
      'no key true',
      'child true',
      'null true',
      'there true',
      'grandchild true',
      'here true',
    ],
  )
})

test('a thousand mistakes among ten thousand flags are left out at once', () => {
  const flags = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, nth) => [
      `f${nth}`,
      nth % 10 === 0 ? { ...flag, default: 'blue' } : flag,
    ]),
  )
  const began = performance.now()
  const { set } = settled({ set: { flags, segments: {} }, remarks: [] })
  assert.equal(Object.keys(set.flags).length, 9000)
  assert.ok(performance.now() - began < 20_000)
})
