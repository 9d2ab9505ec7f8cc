import assert from 'node:assert/strict'
import type { Cases } from './conformance.ts'
import { elsewhere, noon, orderOf, withdrawn } from './world.ts'
import type { Holder, Store } from '../store.ts'

const [ann, bob] = [elsewhere(1), elsewhere(2)]
const later = noon + 12_000
const target = 'shop@production'
const order = (store: Store, holder: Holder): Promise<string> =>
  store.ledger.order(orderOf(target), noon, holder)

export const lineCases: Cases = {
  'does not let a process that lost its lease give it back': async (store, again) => {
    const other = await again()
    await order(store, ann)
    await store.leases.take('c1', ann, noon)
    await other.leases.takeOver('c1', bob, later)
    await store.leases.release('c1')
    assert.equal((await store.leases.lines())[0]?.holder?.token, 2)
    await other.leases.release('c1')
    assert.deepEqual(await store.leases.lines(), [])
  },

  'lets anybody take a waiting change out of the line': async (store, again) => {
    const other = await again()
    await order(store, ann)
    await other.leases.release('c1')
    assert.deepEqual(await store.leases.lines(), [])
  },

  'shows who holds each target, who waits for it, and why': async (store) => {
    for (const holder of [ann, bob, bob]) await order(store, holder)
    await store.ledger.order(orderOf('h1'), noon + 1, ann)
    await store.leases.take('c1', ann, noon)
    const place = { target, who: 'ada', why: 'ship it', since: noon }
    assert.deepEqual(await store.leases.lines(), [
      { target: 'h1', holder: null, waiting: [{ ...place, target: 'h1', change: 'c4', since: noon + 1 }] },
      {
        target,
        holder: { ...place, change: 'c1', token: 1 },
        waiting: [
          { ...place, change: 'c2' },
          { ...place, change: 'c3' },
        ],
      },
    ])
  },

  'leaves changes that are over out of the lines': async (store) => {
    await order(store, ann)
    await store.ledger.append('c1', [withdrawn], noon, null)
    assert.deepEqual(await store.leases.lines(), [])
  },

  'lists open changes whose holder is dead, waiting or leased, and those that nobody holds': async (
    store,
  ) => {
    for (const holder of [ann, ann, bob, ann]) await order(store, holder)
    await store.leases.take('c1', ann, noon)
    await store.ledger.append('c4', [withdrawn], noon, null)
    await store.leases.beat(bob, later)
    assert.deepEqual(await store.leases.orphans(later - 1), [])
    assert.deepEqual(await store.leases.orphans(later), ['c1', 'c2'])
    await store.leases.release('c3')
    assert.deepEqual(await store.leases.orphans(later), ['c1', 'c2', 'c3'])
  },

  'lets a waiting change be adopted once its holder is dead, and keeps its place in line': async (store) => {
    await order(store, ann)
    await order(store, bob)
    assert.equal(await store.leases.adopt('c1', bob, later - 1), false)
    assert.equal(await store.leases.adopt('c1', bob, later), true)
    assert.equal(await store.leases.adopt('c1', bob, later), true)
    assert.equal(await store.leases.take('c2', bob, later), null)
    assert.notEqual(await store.leases.take('c1', bob, later), null)
  },

  'seats an open change again that has left the line': async (store) => {
    await order(store, ann)
    await store.leases.release('c1')
    assert.equal(await store.leases.take('c1', ann, noon), null)
    assert.equal(await store.leases.adopt('c1', bob, noon), true)
    assert.notEqual(await store.leases.take('c1', bob, noon), null)
  },

  'has nothing to adopt where a change is leased, over or unknown': async (store) => {
    await order(store, ann)
    await order(store, ann)
    await store.leases.take('c1', ann, noon)
    await store.ledger.append('c2', [withdrawn], noon, null)
    for (const change of ['c1', 'c2', 'c9']) {
      assert.equal(await store.leases.adopt(change, bob, later), false, change)
    }
  },

  'writes nothing for the beat of a process that holds nothing': async (store) => {
    await order(store, ann)
    const quiet = store.pulse()
    await store.leases.beat(bob, noon + 1)
    assert.equal(store.pulse(), quiet)
    await store.leases.beat(ann, noon + 1)
    assert.notEqual(store.pulse(), quiet)
  },
}
