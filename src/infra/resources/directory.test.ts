import assert from 'node:assert/strict'
import { test } from 'node:test'
import { directory } from './directory.ts'
import { complaints, lowered } from './try-sort.ts'

const at = (path: string) => ({
  type: 'path',
  key: `path ${path}`,
  path,
  owes: [],
  lockout: null,
  check: null,
})

test('a folder is there with what was said of it, or it is gone', async () => {
  const table: readonly (readonly [unknown, unknown])[] = [
    [{}, { type: 'directory', mode: null, owner: null, group: null }],
    [
      { mode: '0750', owner: 'www-data', group: 'www-data' },
      { type: 'directory', mode: 0o750, owner: 'www-data', group: 'www-data' },
    ],
    [{ absent: true }, { type: 'absent', all: false }],
    [
      { absent: true, all: true },
      { type: 'absent', all: true },
    ],
  ]
  for (const [options, want] of table)
    assert.deepEqual(await lowered(directory, '/srv/www/', options), [{ ...at('/srv/www'), want }])
})

test('a folder of sshd may lock us out', async () => {
  const [thing] = await lowered(directory, '/etc/ssh/sshd_config.d', { mode: '0755' })
  assert.equal(thing?.lockout, 'sshd')
})

test('what is wrong with a folder is told in a sentence', () => {
  assert.deepEqual(complaints(directory, '/srv/www', { all: true }), [
    "directory.all is true but must be left out where there is no 'absent'; take it out, or say absent as well",
  ])
  assert.deepEqual(complaints(directory, '/srv/www', { absent: true, owner: 'ada' }), [
    "directory.owner is 'ada' but must be left out beside absent: true; keep one of the two",
  ])
  assert.deepEqual(complaints(directory, '/srv/www', { absent: 'yes' }), [
    "directory.absent is 'yes' but must be true or false, such as true; write one like that",
  ])
})
