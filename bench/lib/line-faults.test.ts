import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Happening } from '../../src/change/entry.ts'
import { interleavedIn, outOfOrderIn } from './line-faults.ts'

type Word = 'ordered' | 'leased' | 'stage-started' | 'finished'

/** Entries out of short words: `1 ordered` is an order of the change c1. */
function entriesOf(...lines: readonly string[]): readonly Entry[] {
  return lines.map((line, index) => {
    const [number, word] = line.split(' ')
    const at = { seq: index + 1, change: `c${number ?? ''}`, at: index, prev: '', hash: '' }
    return { ...happening(word as Word), ...at }
  })
}

function happening(word: Word): Happening {
  switch (word) {
    case 'ordered': {
      const order = { kind: 'deploy', target: 'shop@production', wish: null, who: 'ada' } as const
      return { type: 'ordered', order: { ...order, door: 'api', why: '', reverts: null } }
    }
    case 'leased':
      return { type: 'leased', token: 1 }
    case 'stage-started':
      return { type: 'stage-started', stage: 'rest' }
    case 'finished':
      return { type: 'finished' }
  }
}

const first = ['1 leased', '1 stage-started', '1 finished']
const second = ['2 leased', '2 stage-started', '2 finished']

test('changes one after the other in the order of their orders have no fault', () => {
  const entries = entriesOf('1 ordered', '1 leased', '2 ordered', ...first.slice(1), ...second)
  assert.equal(interleavedIn(entries), 0)
  assert.equal(outOfOrderIn(entries), 0)
})

test('work of another change between a lease and its end is found', () => {
  const entries = entriesOf('1 ordered', '2 ordered', '1 leased', '2 stage-started', '1 finished')
  assert.equal(interleavedIn(entries), 1)
})

test('a second lease of a target that is held is found', () => {
  assert.equal(interleavedIn(entriesOf('1 ordered', '2 ordered', '1 leased', '2 leased')), 1)
})

test('changes that overtake each other are found', () => {
  assert.equal(outOfOrderIn(entriesOf('1 ordered', '2 ordered', ...second, ...first)), 2)
})
