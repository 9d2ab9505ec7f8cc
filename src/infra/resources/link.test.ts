import assert from 'node:assert/strict'
import { test } from 'node:test'
import { link } from './link.ts'
import { complaints, lowered } from './try-sort.ts'

const at = (path: string) => ({
  type: 'path',
  key: `path ${path}`,
  path,
  owes: [],
  lockout: null,
  check: null,
})

test('a link leads where the recipe says, word by word, or it is gone', async () => {
  const table: readonly (readonly [unknown, unknown])[] = [
    [{ to: '/srv/shop/current' }, { type: 'link', to: '/srv/shop/current' }],
    [{ to: '../shop/' }, { type: 'link', to: '../shop/' }],
    [{ absent: true }, { type: 'absent', all: false }],
  ]
  for (const [options, want] of table)
    assert.deepEqual(await lowered(link, '/srv/www', options), [{ ...at('/srv/www'), want }])
})

test('what is wrong with a link is told in a sentence', () => {
  assert.deepEqual(complaints(link, '/srv/www'), ["link has no 'to'; add to: '/srv/shop/current'"])
  assert.deepEqual(complaints(link, '/srv/www', { to: '' }), [
    "link.to is '' but must be a path, such as '/srv/shop/current'; write one like that",
  ])
  assert.deepEqual(complaints(link, '/srv/www', { to: 'x', absent: true }), [
    "link.to is 'x' but must be left out beside absent: true; keep one of the two",
  ])
})
