import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aChange } from '../dev-hub/sample.ts'
import { emptyModel, type Message, type Model, newestFirst } from './model.ts'
import { reachOf } from './reach.ts'
import { changeLimit, reduce } from './reduce.ts'

/** Changes from one number down to another, every third one of search. */
const page = (from: number, to: number, target: string | null = null) =>
  Array.from({ length: from - to + 1 }, (_, nth) => from - nth)
    .map((number) => aChange({ id: `c${number}`, target: number % 3 === 0 ? 'search' : 'shop' }))
    .filter((change) => target === null || change.target === target)

type Came = Extract<Message, { type: 'changes came' }>

const came = (changes: Came['changes'], asked: Partial<Came['asked']> = {}, isEnd = false): Message => ({
  type: 'changes came',
  changes,
  asked: { target: null, before: null, ...asked },
  isEnd,
})

const after = (...messages: readonly Message[]): Model => messages.reduce(reduce, emptyModel)
const ids = (model: Model, target: string | null) => newestFirst(model, target).map(({ id }) => id)

test('changes loaded under a filter leave no holes in the list of all', () => {
  const model = after(came(page(20, 17)), came(page(16, 9, 'search'), { target: 'search', before: 'c17' }))
  assert.deepEqual(ids(model, null), ['c20', 'c19', 'c18', 'c17'])
  assert.deepEqual(ids(model, 'search'), ['c18', 'c15', 'c12', 'c9'])
  assert.deepEqual(ids(model, 'shop'), ['c20', 'c19', 'c17'])
  assert.equal(model.changes.has('c12'), true, 'it is known all the same')
  const filled = reduce(model, came(page(16, 9), { before: 'c17' }))
  assert.equal(ids(filled, null).length, 12)
})

test('a list that was loaded to its beginning is whole for each target', () => {
  const model = after(came(page(5, 1), {}, true))
  assert.equal(reachOf(model.reach, null), 0)
  assert.equal(reachOf(model.reach, 'search'), 0)
  const search = after(came(page(9, 8)), came(page(7, 1, 'search'), { target: 'search', before: 'c8' }, true))
  assert.equal(reachOf(search.reach, 'search'), 0)
  assert.equal(reachOf(search.reach, null), 8)
})

test('after entries were left out, only what is whole again is listed', () => {
  const happened = (seq: number, id: string): Message => ({
    type: 'happened',
    event: {
      type: 'entry',
      entry: { type: 'finished', seq, change: id, at: seq, prev: '', hash: '' },
      change: aChange({ id }),
    },
  })
  const before = after(came(page(5, 3)), { type: 'caught up to', seq: 10 }, happened(11, 'c5'))
  assert.equal(before.hasGap, false)
  const gap = reduce(before, happened(900, 'c40'))
  assert.equal(gap.hasGap, true)
  const whole = reduce(gap, came(page(40, 38)))
  assert.equal(whole.hasGap, false)
  assert.deepEqual(ids(whole, null), ['c40', 'c39', 'c38'])
})

test('a page that was asked for before the list lost its oldest does not close the hole', () => {
  const model = after(came(page(20, 17)), came(page(9, 5), { before: 'c10' }))
  assert.equal(reachOf(model.reach, null), 17)
})

test('what a page lets go is no longer said to be there', () => {
  const model = after(came(page(changeLimit + 10, 1), {}, true))
  assert.equal(model.changes.size, changeLimit)
  assert.equal(reachOf(model.reach, null), 11)
})
