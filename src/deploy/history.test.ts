import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Change } from '../change/change.ts'
import { changeBefore, liveChange, stackOf } from './history.ts'

/** `c3` is a deploy, `c4-c3` a revert of c3, `c5+h1` heals h1. */
function told(...words: readonly string[]): readonly Change[] {
  return words.map((word, nth) => {
    const [id = '', reverts = null] = word.split(/[-+]/)
    const hosts = word.includes('+') ? ['h1'] : null
    return {
      id,
      order: {
        kind: 'deploy',
        target: 'shop@production',
        wish: { hosts },
        who: 'ada',
        door: 'cli',
        why: '',
        reverts: word.includes('-') ? reverts : null,
      },
      status: 'done',
      plan: null,
      orderedAt: nth,
      endedAt: nth,
      revertedBy: null,
      fenced: [],
    }
  })
}

const ids = (changes: readonly Change[]): string => changes.map(({ id }) => id).join(' ')

const stacks: readonly Readonly<{ history: readonly string[]; stack: string }>[] = [
  { history: ['c1', 'c2', 'c3'], stack: 'c1 c2 c3' },
  { history: ['c1', 'c2', 'c3', 'c4-c3'], stack: 'c1 c2' },
  { history: ['c1', 'c2', 'c3', 'c4-c3', 'c5-c2'], stack: 'c1' },
  { history: ['c1', 'c2', 'c3', 'c4-c2'], stack: 'c1' },
  { history: ['c1', 'c2', 'c3-c2', 'c4-c3'], stack: 'c1 c4' },
  { history: ['c1', 'c2', 'c3+h1'], stack: 'c1 c2' },
]

test('a revert takes the change it names, and what came after, off the stack', () => {
  for (const { history, stack } of stacks)
    assert.equal(ids(stackOf(told(...history))), stack, history.join(' '))
})

test('reverting again and again goes further and further back', () => {
  const history = told('c1', 'c2', 'c3', 'c4-c3')
  const next = liveChange(history)
  assert.equal(next?.id, 'c2')
  assert.equal(next === null ? null : changeBefore(history, next).id, 'c1')
})

test('a revert can be reverted: what it had taken back is live again', () => {
  const history = told('c1', 'c2', 'c3-c2')
  const revert = history[2]
  assert.equal(liveChange(history)?.id, 'c1')
  assert.equal(revert === undefined ? null : changeBefore(history, revert).id, 'c2')
  const again = told('c1', 'c2', 'c3-c2', 'c4-c3')
  const last = liveChange(again)
  assert.equal(last === null ? null : `${last.id} ${changeBefore(again, last).id}`, 'c4 c1')
})

test('before the first deploy there is nothing to go back to', () => {
  const history = told('c1')
  const first = history[0]
  assert.ok(first)
  assert.throws(() => changeBefore(history, first), /c1 is the first deploy/)
})
