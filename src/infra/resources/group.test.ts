import assert from 'node:assert/strict'
import { test } from 'node:test'
import { group } from './group.ts'
import { complaints, lowered } from './try-sort.ts'

test('a group is there with its number, or it is gone', async () => {
  const ops = { type: 'group', key: 'group ops', name: 'ops', owes: [], lockout: null }
  const table: readonly (readonly [unknown, unknown])[] = [
    [{}, { type: 'present', gid: null, system: false }],
    [
      { gid: 1500, system: true },
      { type: 'present', gid: 1500, system: true },
    ],
    [{ absent: true }, { type: 'absent' }],
  ]
  for (const [options, want] of table)
    assert.deepEqual(await lowered(group, 'ops', options), [{ ...ops, want }])
})

test('to take away the group that makes people root may lock us out', async () => {
  const [thing] = await lowered(group, 'sudo', { absent: true })
  assert.equal(thing?.lockout, 'sudo')
})

test('what is wrong with a group is told in a sentence', () => {
  assert.deepEqual(complaints(group, 'Ops'), [
    "group.name is 'Ops' but must be the name of a group, such as 'www-data'; write one like that",
  ])
  assert.deepEqual(complaints(group, 'ops', { gid: '1500' }), [
    "group.gid is '1500' but must be a whole number from 0 to 4294967294, such as 1500; write 1500 without quotes",
  ])
  assert.deepEqual(complaints(group, 'ops', { absent: true, gid: 1500 }), [
    'group.gid is 1500 but must be left out beside absent: true; keep one of the two',
  ])
})
