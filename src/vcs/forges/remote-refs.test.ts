import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFitRef, movesBetween, parseRemote, printRemote } from './remote-refs.ts'

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)]

test('what git prints of a remote is read, and written down so that it can be read again', () => {
  const printed = [
    'ref: refs/heads/trunk\tHEAD',
    `${a}\tHEAD`,
    `${a}\trefs/heads/trunk`,
    `${a}\trefs/heads/x;id`,
    `${b}\trefs/tags/v1`,
    `${a}\trefs/tags/v1^{}`,
    `${b}\trefs/pull/3/head`,
    `${b}\trefs/pull/3/merge`,
    `${b}\trefs/notes/commits`,
    '',
  ].join('\n')
  const remote = parseRemote(printed)
  assert.equal(remote.trunk, 'refs/heads/trunk')
  assert.deepEqual(
    [...remote.refs],
    [
      ['refs/heads/trunk', a],
      ['refs/heads/x;id', a],
      ['refs/tags/v1', b],
      ['refs/pull/3/head', b],
    ],
  )
  assert.deepEqual(parseRemote(printRemote(remote)), remote)
})

test('names that mean something to git or to the disk are not followed', () => {
  const odd = ['x;id', 'x$(id)', '-x', 'x`id`', "x'y", 'x|y', 'ünï', 'a/b.c', '@']
  for (const name of odd) assert.ok(isFitRef(`refs/heads/${name}`), name)
  const bad = [
    '',
    'a..b',
    '.a',
    'a/.b',
    'a.lock',
    'a.lock/b',
    'a b',
    'a:b',
    'a*',
    'a?',
    'a[b',
    'a^',
    'a~1',
    'a\\b',
    'a//b',
    'a/',
    'a.',
    'a@{1}',
    'a\u0001',
    'a'.repeat(250),
  ]
  for (const name of bad) assert.ok(!isFitRef(`refs/heads/${name}`), name)
  for (const ref of ['HEAD', 'refs/pull/x/head', 'refs/pull/1/head/x', 'refs/remotes/a', '../heads/a']) {
    assert.ok(!isFitRef(ref), ref)
  }
})

test('moves are new, moved and deleted refs, deletions first', () => {
  const remote = (refs: Record<string, string>) => ({ refs: new Map(Object.entries(refs)), trunk: null })
  const seen = remote({ 'refs/heads/same': a, 'refs/heads/moved': a, 'refs/heads/gone': a })
  const now = remote({ 'refs/heads/new': b, 'refs/heads/same': a, 'refs/heads/moved': b })
  assert.deepEqual(movesBetween(seen, now), [
    { ref: 'refs/heads/gone', from: a, to: null },
    { ref: 'refs/heads/new', from: null, to: b },
    { ref: 'refs/heads/moved', from: a, to: b },
  ])
})
