import assert from 'node:assert/strict'
import type { Cases } from './conformance.ts'
import { elsewhere, noon, note, orderOf, pushed, wholeLife, withdrawn } from './world.ts'
import { markCases } from './marks.ts'
import { LeaseLostError, type Store } from '../store.ts'

const holder = elsewhere(1)
const order = (store: Store, target = 'shop@production'): Promise<string> =>
  store.ledger.order(orderOf(target), noon, holder)
const textsOf = async (store: Store, change: string): Promise<readonly string[]> =>
  (await store.ledger.of(change)).flatMap((entry) => (entry.type === 'note' ? [entry.text] : []))

export const ledgerCases: Cases = {
  ...markCases,
  'numbers changes in the order they came in': async (store) => {
    assert.deepEqual(await Promise.all([order(store), order(store), order(store)]), ['c1', 'c2', 'c3'])
  },

  'gives back what was written, with its number, time and hashes': async (store) => {
    const change = await order(store)
    await store.ledger.append(change, [note('ünïcode "quoted"\n')], noon + 5, null)
    const [first, second, ...rest] = await store.ledger.of(change)
    assert.deepEqual(rest, [])
    assert.ok(first?.type === 'ordered' && second?.type === 'note')
    assert.deepEqual(first.order, orderOf('shop@production'))
    assert.equal(first.prev, '0'.repeat(64))
    assert.deepEqual(
      { ...second, hash: '' },
      { type: 'note', text: 'ünïcode "quoted"\n', seq: 2, change, at: noon + 5, prev: first.hash, hash: '' },
    )
    assert.match(second.hash, /^[0-9a-f]{64}$/)
  },

  'lists entries after a number, oldest first, as many as asked for': async (store) => {
    const change = await order(store)
    await store.ledger.append(change, ['a', 'b', 'c', 'd'].map(note), noon, null)
    assert.deepEqual(
      (await store.ledger.since(2, 2)).map((entry) => entry.seq),
      [3, 4],
    )
    assert.deepEqual(await store.ledger.since(5, 10), [])
    assert.equal(await store.ledger.lastSeq(), 5)
  },

  'gives the entries of many changes at once, in the order they were asked for': async (store) => {
    for (const target of ['a', 'b', 'c']) await order(store, target)
    await store.ledger.append('c2', [withdrawn], noon, null)
    const asked = ['c3', 'c9', 'c2', 'nonsense', 'c2']
    assert.deepEqual(await store.ledger.ofMany(asked), await Promise.all(asked.map(store.ledger.of)))
    assert.deepEqual(await store.ledger.ofMany([]), [])
  },

  'writes what belongs to no change into the same chain': async (store) => {
    const change = await order(store)
    await store.ledger.record('shop', pushed('9f2c'), noon + 5)
    await store.ledger.append(change, [withdrawn], noon + 6, null)
    const [first, aside, last, ...rest] = await store.ledger.since(0, 9)
    assert.deepEqual(rest, [])
    assert.deepEqual(aside, {
      ...pushed('9f2c'),
      seq: 2,
      change: null,
      about: 'shop',
      at: noon + 5,
      prev: first?.hash,
      hash: last?.prev,
    })
    assert.deepEqual(await store.ledger.of(change), [first, last])
    assert.deepEqual((await store.ledger.verify()).bad, null)
  },

  'lists asides newest first, about one thing or all, page by page': async (store) => {
    for (const [nth, about] of ['a', 'b', 'a', 'a'].entries())
      await store.ledger.record(about, pushed(`${nth}`), noon)
    await order(store, 'a')
    const seqs = async (query: Parameters<Store['ledger']['asides']>[0]) =>
      (await store.ledger.asides(query)).map(({ seq }) => seq)
    assert.deepEqual(await seqs({ about: null, before: null, limit: 3 }), [4, 3, 2])
    assert.deepEqual(await seqs({ about: null, before: 2, limit: 3 }), [1])
    assert.deepEqual(await seqs({ about: 'a', before: 4, limit: 9 }), [3, 1])
    assert.deepEqual(await seqs({ about: 'z', before: null, limit: 9 }), [])
    assert.deepEqual(await store.ledger.of('c0'), [])
  },

  'has no entries and no changes when new': async (store) => {
    assert.equal(await store.ledger.lastSeq(), 0)
    assert.deepEqual(await store.ledger.of('c1'), [])
    assert.deepEqual(await store.ledger.of('nonsense'), [])
    assert.deepEqual(await store.ledger.open(), [])
    assert.deepEqual(await store.ledger.verify(), { entries: 0, head: '0'.repeat(64), bad: null })
  },

  'lists changes newest first, of one target or all, page by page': async (store) => {
    for (const target of ['a', 'b', 'a', 'a']) await order(store, target)
    const { changes } = store.ledger
    assert.deepEqual(await changes({ target: null, before: null, limit: 3 }), ['c4', 'c3', 'c2'])
    assert.deepEqual(await changes({ target: null, before: 'c2', limit: 3 }), ['c1'])
    assert.deepEqual(await changes({ target: 'a', before: 'c4', limit: 9 }), ['c3', 'c1'])
    assert.deepEqual(await changes({ target: 'z', before: null, limit: 9 }), [])
  },

  'keeps a change among the open ones until an entry ends it': async (store) => {
    await order(store)
    await order(store)
    assert.deepEqual(await store.ledger.open(), ['c1', 'c2'])
    await store.ledger.append('c1', wholeLife, noon, null)
    await store.ledger.append('c1', [note('a word after the end')], noon, null)
    assert.deepEqual(await store.ledger.open(), ['c2'])
    await store.ledger.append('c2', [withdrawn], noon, null)
    assert.deepEqual(await store.ledger.open(), [])
  },

  'names the change that took one back once it is done, and not before': async (store) => {
    await order(store)
    const failed = await store.ledger.order(orderOf('shop@production', 'c1'), noon, holder)
    await store.ledger.append(failed, [withdrawn], noon, null)
    const revert = await store.ledger.order(orderOf('shop@production', 'c1'), noon, holder)
    assert.equal(await store.ledger.revertedBy('c1'), null)
    await store.ledger.append(revert, wholeLife, noon, null)
    assert.equal(await store.ledger.revertedBy('c1'), revert)
    assert.equal(await store.ledger.revertedBy(revert), null)
  },

  'refuses what cannot happen next, and writes nothing of it': async (store) => {
    const change = await order(store)
    const refused = store.ledger.append(change, [note('before'), { type: 'finished' }], noon, null)
    await assert.rejects(refused, /finished cannot happen to c1: it is waiting/)
    await assert.rejects(store.ledger.append('c9', [note('?')], noon, null), /there is no change c9/)
    const again = store.ledger.append(change, [{ type: 'ordered', order: orderOf('x') }], noon, null)
    await assert.rejects(again, /ordered cannot happen to c1/)
    assert.equal(await store.ledger.lastSeq(), 1)
    assert.equal((await store.ledger.verify()).bad, null)
  },

  'knows in one process what happened in another': async (store, again) => {
    const other = await again()
    const change = await order(store)
    await other.ledger.append(change, [withdrawn], noon, null)
    await assert.rejects(store.ledger.append(change, [{ type: 'leased', token: 1 }], noon, null), /withdrawn/)
    assert.equal(await other.ledger.order(orderOf('x'), noon, holder), 'c2')
    assert.deepEqual(await store.ledger.open(), ['c2'])
  },

  'writes appends of one moment in the order they were asked for, each with its own outcome': async (
    store,
  ) => {
    const change = await order(store)
    const lost = { target: 'shop@production', change, token: 99 }
    const outcomes = await Promise.allSettled([
      store.ledger.append(change, [note('one')], noon, null),
      store.ledger.append(change, [note('two')], noon, lost),
      store.ledger.append(change, [note('three'), { type: 'finished' }], noon, null),
      store.ledger.append(change, [note('four')], noon, null),
    ])
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    )
    assert.ok(outcomes[1]?.status === 'rejected' && outcomes[1].reason instanceof LeaseLostError)
    assert.deepEqual(await textsOf(store, change), ['one', 'four'])
    assert.equal((await store.ledger.verify()).bad, null)
  },

  'writes once what many tell of at the same time': async (store, again) => {
    const other = await again()
    const told = pushed('9f2c')
    const isTold: Parameters<typeof store.ledger.recordUnless>[3] = ([last]) =>
      last?.type === 'pushed' && last.to === '9f2c'
    const many = Array.from({ length: 20 }, (_, nth) =>
      (nth % 2 === 0 ? store : other).ledger.recordUnless('shop', told, noon, isTold),
    )
    await Promise.all(many)
    await store.ledger.recordUnless('docs', told, noon, isTold)
    await store.ledger.record('shop', pushed('aaaa'), noon)
    await store.ledger.recordUnless('shop', told, noon, isTold)
    const about = async (what: string) =>
      (await other.ledger.asides({ about: what, before: null, limit: 99 })).length
    assert.deepEqual([await about('shop'), await about('docs')], [3, 1])
  },

  'keeps everything when it is closed and opened again': async (store, again) => {
    const change = await order(store)
    await store.ledger.append(change, wholeLife, noon, null)
    const head = (await store.ledger.verify()).head
    await store.close()
    const later = await again()
    assert.deepEqual(await later.ledger.verify(), { entries: 5, head, bad: null })
    assert.equal(await later.ledger.order(orderOf('x'), noon, holder), 'c2')
  },

  'writes what was asked for before it closes, and refuses what comes after': async (store, again) => {
    const ordered = order(store)
    await store.close()
    assert.equal(await ordered, 'c1')
    await assert.rejects(order(store), /closed/)
    assert.equal(await (await again()).ledger.lastSeq(), 1)
  },

  'shows by its pulse that somebody has written': async (store, again) => {
    const other = await again()
    const quiet = store.pulse()
    assert.equal(store.pulse(), quiet)
    await order(store)
    const ordered = store.pulse()
    assert.notEqual(ordered, quiet)
    await store.ledger.record('shop', pushed('9f2c'), noon)
    const own = store.pulse()
    assert.notEqual(own, ordered)
    await other.ledger.append('c1', [note('from the other')], noon, null)
    const others = store.pulse()
    assert.notEqual(others, own)
    assert.equal(store.pulse(), others)
  },
}
