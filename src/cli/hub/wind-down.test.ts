import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { sampleOrder } from '../../change/samples.ts'
import { statusOf } from '../../change/status.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { makePipeline } from '../../pipeline/pipeline.ts'
import { openTail } from '../../pipeline/tail.ts'
import { tryKind } from '../../pipeline/try-kind.ts'
import type { World } from '../../pipeline/world.ts'
import { thisProcess } from '../../store/holder.ts'
import { openStore } from '../../store/open.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { windDown } from './wind-down.ts'

/** A hub in which c1 is at work on its first switch, which hangs, and c2 waits behind it. */
async function makeBusyHub(t: TestContext) {
  const folder = await scratchProject({})
  const store = await openStore(folder.dir)
  const trying = tryKind()
  const world: World = {
    store,
    kinds: new Map([['try', trying.kind]]),
    holder: thisProcess('hub'),
    now: Date.now,
    sleep: (ms, signal) => pause(Math.min(ms, 5), undefined, { signal }).catch(() => undefined),
    announce: async () => [],
  }
  await store.leases.beat(world.holder, Date.now())
  const pipeline = makePipeline(world, (_id, thrown) => assert.fail(String(thrown)))
  const tail = await openTail(store, (thrown) => assert.fail(String(thrown)))
  tail.subscribe({ entry: pipeline.heard, aside: () => {}, log: () => {} })
  t.after(async () => {
    for (const { change } of pipeline.driving()) await pipeline.stop(change, 'the test', 'cli')
    await pipeline.idle()
    tail.close()
    await store.close()
    await folder[Symbol.asyncDispose]()
  })
  trying.faults.set('do switch h1', { what: 'hang', times: 1 })
  const order = { ...sampleOrder, kind: 'try', wish: 'new' }
  await pipeline.propose(order)
  await pipeline.propose(order)
  while (!trying.deeds.includes('do switch h1')) await pause(2)
  const clock = { aheadMs: 0 }
  const person = makeFakeWorld({ now: () => Date.now() + clock.aheadMs })
  const { retire, driving, idle, propose } = pipeline
  const ended = windDown({ retire, driving, idle, side: pipeline }, person)
  const ask = (afterMs: number) => {
    clock.aheadMs += afterMs
    person.interrupt()
  }
  const statusIn = async (change: string) => statusOf(await store.ledger.of(change))
  const says = () => person.errs.join('\n')
  return { ended, ask, says, statusIn, order, propose, pipeline, person }
}

test('a hub that is asked to end lets its change come to its end, and leaves who waits to the next hub', async (t) => {
  const { ended, says, statusIn, propose, order, pipeline, person } = await makeBusyHub(t)
  assert.match(says(), /^waiting for c1 \(at work for \d+\.\d s\)/)
  await assert.rejects(propose(order), /is about to end/)
  while (pipeline.driving().length > 1) await pause(2)
  assert.equal(await statusIn('c1'), 'running')
  assert.deepEqual(await pipeline.resume(), [])
  await pipeline.stop('c1', 'ada', 'web')
  assert.equal(await ended, 0)
  assert.deepEqual([await statusIn('c1'), await statusIn('c2')], ['undone', 'waiting'])
  assert.equal(person.listeners(), 0)
})

test('asked a second time it has the change stopped and undone', async (t) => {
  const { ended, ask, says, statusIn } = await makeBusyHub(t)
  ask(1_000)
  assert.equal(await ended, 0)
  assert.equal(await statusIn('c1'), 'undone')
  assert.match(says(), /asking c1 .* to stop and undo/)
})

test('a signal that comes twice at once is one', async (t) => {
  const { ask, says, statusIn } = await makeBusyHub(t)
  ask(10)
  await pause(50)
  assert.equal(await statusIn('c1'), 'running')
  assert.doesNotMatch(says(), /asking/)
})

test('asked a third time it leaves at once, and says who goes on', async (t) => {
  const { ended, ask, says } = await makeBusyHub(t)
  ask(1_000)
  ask(1_000)
  assert.equal(await ended, 130)
  assert.match(says(), /left c1 .*: the next hub, or the next command here, takes it up/)
})
