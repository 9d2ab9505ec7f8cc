import assert from 'node:assert/strict'
import type { Marked } from '../../change/occurrence.ts'
import { marksAbout } from '../../change/occurrence.ts'
import { samplePlan } from '../../change/samples.ts'
import type { Cases } from './conformance.ts'
import { elsewhere, noon, note, orderOf, pushed, wholeLife, withdrawn } from './world.ts'
import type { Store } from '../store.ts'

const holder = elsewhere(1)
const always = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 99 }

const marked = (title: string, from: number, until: number | null = null): Marked => ({
  type: 'marked',
  title,
  text: '',
  tags: ['backup'],
  who: 'ada',
  sender: 'grafana',
  from,
  until,
})

/** A change that is ordered, has its first stage a second later, and its end after another one. */
async function live(store: Store, at: number, reverts: string | null = null): Promise<string> {
  const id = await store.ledger.order(orderOf('shop@production', reverts), at, holder)
  const [leased, , decided, finished] = wholeLife
  if (leased === undefined || decided === undefined || finished === undefined) throw new Error('no life')
  await store.ledger.append(id, [leased, { type: 'planned', plan: samplePlan }], at + 500, null)
  await store.ledger.append(id, [{ type: 'stage-started', stage: 'canary' }], at + 1_000, null)
  await store.ledger.append(id, [{ type: 'stage-started', stage: 'rest' }, decided], at + 1_500, null)
  await store.ledger.append(id, [finished], at + 2_000, null)
  await store.ledger.append(id, [note('a word after the end')], at + 9_000, null)
  return id
}

export const markCases: Cases = {
  'tells what graphs mark of a change: who wanted what, when it began and ended, and that it was taken back':
    async (store) => {
      await live(store, noon)
      await live(store, noon + 60_000, 'c1')
      await store.ledger.order(orderOf('docs@production'), noon + 70_000, holder)
      const [waiting, revert, taken] = await store.ledger.marks(always)
      assert.deepEqual(taken, {
        id: 'c1',
        order: orderOf('shop@production'),
        status: 'done',
        title: samplePlan.title,
        orderedAt: noon,
        startedAt: noon + 1_000,
        endedAt: noon + 2_000,
        revertedBy: 'c2',
      })
      assert.deepEqual([revert?.revertedBy, revert?.order.reverts], [null, 'c1'])
      assert.deepEqual(
        [waiting?.title, waiting?.startedAt, waiting?.endedAt, waiting?.status],
        [null, null, null, 'waiting'],
      )
      assert.equal((await store.ledger.verify()).bad, null)
    },

  'finds the changes that were under way in a span, those still open included, newest first': async (
    store,
  ) => {
    for (const nth of [0, 1, 2, 3]) await live(store, noon + nth * 10_000)
    await store.ledger.order(orderOf('docs@production'), noon + 5_000, holder)
    const ids = async (fromMs: number, toMs: number, limit = 99) =>
      (await store.ledger.marks({ fromMs, toMs, limit })).map(({ id }) => id)
    assert.deepEqual(await ids(noon + 2_000, noon + 2_000), ['c1'])
    assert.deepEqual(await ids(noon + 2_001, noon + 4_999), [])
    assert.deepEqual(await ids(noon + 11_000, noon + 20_000), ['c5', 'c3', 'c2'])
    assert.deepEqual(await ids(noon + 99_000, noon + 99_999), ['c5'])
    assert.deepEqual(await ids(0, noon + 99_999, 2), ['c5', 'c4'])
    await store.ledger.append('c5', [withdrawn], noon + 50_000, null)
    assert.deepEqual(await ids(noon + 99_000, noon + 99_999), [])
  },

  'finds what other systems marked by the time it happened, whenever that was told': async (store) => {
    const told = [marked('backup', noon + 10_000, noon + 20_000), marked('restart', noon + 5_000)]
    for (const one of told) await store.ledger.record(marksAbout, one, noon + 60_000)
    await store.ledger.record('shop', pushed('9f2c'), noon + 6_000)
    const titles = async (fromMs: number, toMs: number, limit = 99) =>
      (await store.ledger.marked({ fromMs, toMs, limit })).map((aside) =>
        aside.type === 'marked' ? aside.title : aside.type,
      )
    assert.deepEqual(await titles(0, noon + 99_000), ['backup', 'restart'])
    assert.deepEqual(await titles(0, noon + 99_000, 1), ['backup'])
    assert.deepEqual(await titles(noon + 20_000, noon + 30_000), ['backup'])
    assert.deepEqual(await titles(noon + 5_000, noon + 9_999), ['restart'])
    assert.deepEqual(await titles(noon + 20_001, noon + 99_000), [])
  },
}
