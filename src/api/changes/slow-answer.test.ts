import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { samplePlan, sampleTrouble } from '../../change/samples.ts'
import { TroubleError } from '../../change/trouble.ts'
import { scratchProject } from '../../config/scratch-project.ts'
import { openStore } from '../../store/open.ts'
import { makeDoors } from '../doors.ts'
import { makeClient } from '../client/client.ts'
import type { HubSide } from '../hub-side.ts'
import { RefusedError } from '../refused.ts'
import { serve } from '../serve/serve.ts'
import { makeSmallHub } from '../small-hub.ts'

const body = { kind: 'deploy', wish: {}, why: '' }

/** A hub on a port whose plans are made so, and a client of it that bears no silence of more than 600 ms. */
async function makeWorld(t: TestContext, plan: HubSide['plan'], pulseMs: number) {
  const folder = await scratchProject({ 'index.html': '' })
  const store = await openStore(folder.dir)
  const { side } = makeSmallHub(store, { now: () => 1_000, people: { ada: 'everything' } })
  const bugs: string[] = []
  const world = { now: () => 1_000, broke: (place: string) => void bugs.push(place), pulseMs }
  const serving = await serve(makeDoors({ ...side, plan }, world), {
    host: '127.0.0.1',
    port: 0,
    webDir: folder.dir,
  })
  const { secret: token } = await store.tokens.create('ada', 'x', 0, null)
  t.after(async () => {
    await serving.stop()
    await store.close()
    await folder[Symbol.asyncDispose]()
  })
  const client = makeClient({ fetch, base: serving.url, token, door: 'cli', silenceMs: 600 })
  return { ask: () => client.call('POST /api/plans', { body }), url: serving.url, token, bugs }
}

test('a plan that takes longer than any silence that a client bears arrives all the same', async (t) => {
  const { ask } = await makeWorld(t, () => pause(1_500, samplePlan), 50)
  assert.deepEqual((await ask()).plan, samplePlan)
})

test('a hub that is silent for too long is not waited for', async (t) => {
  const { ask } = await makeWorld(t, () => pause(1_500, samplePlan), 10_000)
  await assert.rejects(ask(), /did not answer in time/)
})

test('a hub that falls silent in the middle of its answer is not waited for either', async () => {
  const half = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(' ')),
  })
  const stalling = (request: Request) =>
    new Response(half.pipeThrough(new TransformStream(), { signal: request.signal }))
  const client = makeClient({
    fetch: stalling,
    base: 'http://hub.test',
    token: '',
    door: 'cli',
    silenceMs: 50,
  })
  await assert.rejects(client.call('POST /api/plans', { body }), /did not answer in time/)
})

test('what is refused after the answer has begun is thrown with its status and its trouble', async (t) => {
  const refuse = async () => {
    await pause(120)
    throw new TroubleError(sampleTrouble)
  }
  const { ask, bugs } = await makeWorld(t, refuse, 50)
  await assert.rejects(ask(), (thrown) => {
    assert.ok(thrown instanceof RefusedError)
    assert.deepEqual([thrown.status, thrown.trouble], [409, sampleTrouble])
    return true
  })
  assert.deepEqual(bugs, [])
})

test('a bug after the answer has begun is told to the hub and admitted to the client', async (t) => {
  const breakLate = async () => {
    await pause(120)
    throw new TypeError('oops')
  }
  const { ask, bugs } = await makeWorld(t, breakLate, 50)
  await assert.rejects(ask(), /a bug in tandem: oops/)
  assert.deepEqual(bugs, ['POST /api/plans'])
})

test('a refusal that is known at once has the status of a refusal', async (t) => {
  const refuse = () => Promise.reject(new TroubleError(sampleTrouble))
  const { url, token } = await makeWorld(t, refuse, 50)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const { status } = await fetch(`${url}/api/plans`, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(status, 409)
})
