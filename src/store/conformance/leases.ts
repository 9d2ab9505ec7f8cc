import assert from 'node:assert/strict'
import type { Cases } from './conformance.ts'
import { elsewhere, noon, note, orderOf, wholeLife, withdrawn } from './world.ts'
import { type Holder, type Lease, LeaseLostError, type Store } from '../store.ts'

const [ann, bob] = [elsewhere(1), elsewhere(2)]
const target = 'shop@production'
const order = (store: Store, holder: Holder, what = target): Promise<string> =>
  store.ledger.order(orderOf(what), noon, holder)

async function leased(store: Store, change: string, holder: Holder): Promise<Lease> {
  const lease = await store.leases.take(change, holder, noon)
  assert.ok(lease !== null, `${change} should get its lease`)
  return lease
}

/** When a holder that beat at noon for the last time is dead. */
const later = noon + 12_000

export const leaseCases: Cases = {
  'leases a target to the first in line and to nobody else until it is given back': async (store) => {
    const [first, second] = [await order(store, ann), await order(store, bob)]
    assert.equal(await store.leases.take(second, bob, noon), null)
    assert.deepEqual(await leased(store, first, ann), { target, change: first, token: 1 })
    assert.equal(await store.leases.take(second, bob, noon), null)
    await store.leases.release(first)
    assert.equal((await leased(store, second, bob)).token, 2)
  },

  'leases different targets side by side, with one counter of tokens': async (store) => {
    await order(store, ann, 'a')
    await order(store, ann, 'b')
    assert.equal((await leased(store, 'c2', ann)).token, 1)
    assert.equal((await leased(store, 'c1', ann)).token, 2)
  },

  'gives the same lease to a holder that asks again': async (store) => {
    await order(store, ann)
    assert.deepEqual(await leased(store, 'c1', ann), await leased(store, 'c1', ann))
  },

  'leaves a lease where it is when a change that was passed by comes back to life': async (store) => {
    await order(store, ann)
    await order(store, bob)
    await store.leases.beat(bob, later)
    const lease = await store.leases.take('c2', bob, later)
    await store.leases.beat(ann, later)
    assert.equal(await store.leases.take('c1', ann, later), null)
    assert.deepEqual(await store.leases.take('c2', bob, later), lease)
    await store.leases.release('c2')
    assert.notEqual(await store.leases.take('c1', ann, later), null)
  },

  'gives a change only to the process that holds its place': async (store) => {
    await order(store, ann)
    assert.equal(await store.leases.take('c1', bob, noon), null)
    assert.equal(await store.leases.take('c9', bob, noon), null)
  },

  'gives the target to one of two processes that ask at once': async (store, again) => {
    const other = await again()
    await order(store, ann)
    await order(other, bob)
    const given = await Promise.all([store.leases.take('c1', ann, noon), other.leases.take('c2', bob, noon)])
    assert.deepEqual(
      given.map((lease) => lease?.change ?? null),
      ['c1', null],
    )
  },

  'lets a change pass those before it that are withdrawn': async (store) => {
    await order(store, ann)
    await order(store, bob)
    await store.ledger.append('c1', [withdrawn], noon, null)
    assert.equal((await leased(store, 'c2', bob)).change, 'c2')
  },

  'never leases a change that is over': async (store) => {
    await order(store, ann)
    await store.ledger.append('c1', [withdrawn], noon, null)
    assert.equal(await store.leases.take('c1', ann, noon), null)
  },

  'passes by the waiting changes of a dead holder': async (store) => {
    await order(store, ann)
    await order(store, bob)
    await store.leases.beat(bob, later)
    assert.equal(await store.leases.take('c2', bob, later - 1), null)
    assert.notEqual(await store.leases.take('c2', bob, later), null)
  },

  'keeps a target from others while the change of a dead holder is open, and frees it at its end': async (
    store,
  ) => {
    await order(store, ann)
    await order(store, bob)
    await leased(store, 'c1', ann)
    await store.leases.beat(bob, later)
    assert.equal(await store.leases.take('c2', bob, later), null)
    await store.ledger.append('c1', wholeLife, noon, null)
    assert.equal(await store.leases.take('c2', bob, later - 1), null)
    assert.notEqual(await store.leases.take('c2', bob, later), null)
  },

  'hands the lease of a dead holder over with a higher token, and never that of a living one': async (
    store,
  ) => {
    await order(store, ann)
    const lease = await leased(store, 'c1', ann)
    await store.leases.beat(ann, noon + 5_000)
    assert.equal(await store.leases.takeOver('c1', bob, later), null)
    const taken = await store.leases.takeOver('c1', bob, noon + 17_000)
    assert.ok(taken !== null && taken.token > lease.token)
    assert.equal(await store.leases.takeOver('c1', ann, noon + 17_000), null)
  },

  'hands a lease over to one of two that ask at once': async (store, again) => {
    const other = await again()
    await order(store, ann)
    await leased(store, 'c1', ann)
    const given = await Promise.all([
      store.leases.takeOver('c1', bob, later),
      other.leases.takeOver('c1', elsewhere(3), later),
    ])
    assert.equal(given.filter((lease) => lease !== null).length, 1)
  },

  'has nothing to hand over where a change waits or is over': async (store) => {
    await order(store, ann)
    assert.equal(await store.leases.takeOver('c1', bob, later), null)
    await leased(store, 'c1', ann)
    await store.ledger.append('c1', [withdrawn], noon, null)
    assert.equal(await store.leases.takeOver('c1', bob, later), null)
    assert.equal(await store.leases.takeOver('c9', bob, later), null)
  },

  'stops the writer whose lease was taken over or given back': async (store) => {
    await order(store, ann)
    const lease = await leased(store, 'c1', ann)
    await store.ledger.append('c1', [note('held')], noon, lease)
    const taken = await store.leases.takeOver('c1', bob, later)
    await assert.rejects(store.ledger.append('c1', [note('lost')], later, lease), LeaseLostError)
    await store.ledger.append('c1', [note('mine')], later, taken)
    await store.leases.release('c1')
    await assert.rejects(store.ledger.append('c1', [note('gone')], later, taken), LeaseLostError)
    assert.equal((await store.ledger.of('c1')).length, 3)
  },

  'lets a lease write to another change, to say that it is healed': async (store) => {
    await order(store, ann)
    await store.ledger.append('c1', wholeLife, noon, null)
    await store.leases.release('c1')
    await order(store, ann)
    const lease = await leased(store, 'c2', ann)
    await store.ledger.append('c1', [{ type: 'healed', host: 'h1', by: 'c2' }], noon, lease)
    assert.equal((await store.ledger.of('c1')).length, 6)
  },
}
