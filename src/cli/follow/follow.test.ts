import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeApi } from '../../api/app.ts'
import { makeClient } from '../../api/client/client.ts'
import { makeSmallHub } from '../../api/small-hub.ts'
import type { Happening } from '../../change/entry.ts'
import { sampleOrder, samplePlan, sampleTrouble } from '../../change/samples.ts'
import { TroubleError } from '../../change/trouble.ts'
import { thisProcess } from '../../store/holder.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { readArgs } from '../args.ts'
import { command } from '../deploy/deploy.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { follow } from './follow.ts'

const broke = sampleTrouble
const body = { kind: 'deploy', wish: {}, why: 'ship it' }

type Options = Readonly<{
  drives?: boolean
  line?: readonly string[]
  /** Somebody else holds the target already. */
  isHeld?: boolean
  stop?: () => Promise<void>
}>

async function makeScene(t: TestContext, { drives = false, line = [], isHeld = false, stop }: Options = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-follow-'))
  const store = await openStore(dir)
  t.after(async () => {
    await store.close()
    await rm(dir, { recursive: true })
  })
  const hub = makeSmallHub(store, { now: () => 1_000, people: { ada: 'everything' } })
  if (isHeld) await holdTarget(store)
  const side = stop === undefined ? hub.side : { ...hub.side, stop }
  const app = makeApi(side, { now: () => 1_000, broke: () => assert.fail('a bug') })
  const { secret } = await store.tokens.create('ada', 'x', 0, null)
  const fetch = (request: Request) => app.request(request)
  const client = makeClient({ fetch, base: 'http://hub.test', token: secret, door: 'cli' })
  const world = makeFakeWorld()
  const args = await readArgs(line, { name: 'deploy', options: command.options, most: 2 })
  const order = async () => (await client.call('POST /api/changes', { body })).id
  const following = follow({ client, drives, close: async () => {} }, order, args, world)
  const until = async (says: RegExp) => {
    for (let i = 0; i < 200 && !world.outs.some((one) => says.test(one)); i += 1) await pause(10)
    assert.match(world.outs.join('\n'), says)
  }
  return { hub, store, world, following, until }
}

async function holdTarget(store: Store): Promise<void> {
  const holder = thisProcess('hub')
  await store.leases.beat(holder, Date.now())
  const order = { ...sampleOrder, who: 'ivan', why: 'fix the till' }
  const change = await store.ledger.order(order, 1_000, holder)
  assert.notEqual(await store.leases.take(change, holder, Date.now()), null)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const begin: readonly Happening[] = [
  { type: 'leased', token: 1 },
  { type: 'planned', plan: samplePlan },
  { type: 'stage-started', stage: 'canary' },
  { type: 'step-started', step: 'switch web1' },
]
const undo: readonly Happening[] = [
  { type: 'decided', to: 'undo', why: 'stopped by ada' },
  { type: 'undo-started', step: 'switch web1' },
  { type: 'undo-done', step: 'switch web1' },
  { type: 'undone', trouble: broke },
]
const finish: readonly Happening[] = [
  { type: 'step-done', step: 'switch web1', result: null },
  { type: 'stage-done', stage: 'canary' },
  { type: 'decided', to: 'finish', why: 'all stages are done' },
  { type: 'finished' },
]

/** Without the time of day, which is that of the one who reads. */
const told = (outs: readonly string[]) => outs.map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))

test('a change is told line by line to its end, and its exit code is 0', async (t) => {
  const { hub, world, following, until } = await makeScene(t)
  await until(/orders: deploy/)
  await hub.happen('c1', begin)
  await hub.happen('c1', finish)
  assert.equal(await following, 0)
  assert.deepEqual(told(world.outs), [
    'ada orders: deploy shop@production (by cli): ship it',
    'its turn has come',
    '      plan: shop 3f2a1c9 to production',
    '      stage canary',
    'web1  switch begins',
    'web1  switch done (0.0 s)',
    '      stage canary is done',
    '      goes ahead',
    '      done',
    'c1 done: shop 3f2a1c9 to production (0.0 s). undo: tandem revert c1',
  ])
  assert.equal(world.listeners(), 0)
})

test('what was printed just before the end is told too', async (t) => {
  const { hub, store, world, following, until } = await makeScene(t, { line: ['--verbose'] })
  await until(/orders: deploy/)
  await hub.happen('c1', begin)
  await until(/switch begins/)
  await store.log.append([{ change: 'c1', at: 1_000, step: 'switch web1', host: 'web1', text: 'last words' }])
  await hub.happen('c1', finish)
  assert.equal(await following, 0)
  const heard = told(world.outs)
  assert.equal(heard.filter((line) => line.includes('last words')).length, 1)
  assert.ok(heard.findIndex((line) => line.includes('last words')) < heard.indexOf('      done'))
})

const endings: readonly (readonly [name: string, happenings: readonly Happening[], exit: number])[] = [
  ['undone', [...begin, ...undo], 3],
  ['stuck', [...begin, { type: 'stuck', trouble: broke }], 4],
  [
    'refused',
    [
      { type: 'leased', token: 1 },
      { type: 'refused', trouble: broke },
    ],
    1,
  ],
  ['withdrawn', [{ type: 'withdrawn', who: 'ada', why: '' }], 1],
]

test('the exit code is that of how it ended', async (t) => {
  for (const [name, happenings, exit] of endings) {
    const { hub, following, until } = await makeScene(t)
    await until(/orders: deploy/)
    await hub.happen('c1', happenings)
    assert.equal(await following, exit, name)
  }
})

test('with --json every event is a line, and the last says how it ended', async (t) => {
  const { hub, world, following, until } = await makeScene(t, { line: ['--json'] })
  await until(/ordered/)
  await hub.happen('c1', [...begin, ...undo])
  await following
  const lines = world.outs.map((line) => JSON.parse(line))
  assert.deepEqual(lines[0].entry.type, 'ordered')
  assert.deepEqual([lines.at(-1).type, lines.at(-1).exit, lines.at(-1).change.status], ['end', 3, 'undone'])
  assert.equal(lines.length, begin.length + undo.length + 2)
})

test('who waits is told for whom, until its turn comes', async (t) => {
  const { hub, world, following, until } = await makeScene(t, { isHeld: true })
  await until(/waits for shop@production: ivan holds it with c1 \(fix the till\)/)
  await hub.happen('c2', [{ type: 'withdrawn', who: 'ada', why: '' }])
  assert.equal(await following, 1)
  assert.equal(world.outs.filter((line) => /waits for/.test(line)).length, 1)
})

test('the first ctrl-c asks the change to stop and goes on following it', async (t) => {
  const { hub, store, world, following, until } = await makeScene(t)
  await until(/orders: deploy/)
  await hub.happen('c1', begin)
  world.interrupt()
  await until(/ada asks to stop and undo it \(by cli\)/)
  await hub.happen('c1', undo)
  assert.equal(await following, 3)
  const asked = (await store.ledger.of('c1')).filter(({ type }) => type === 'stop-asked')
  assert.equal(asked.length, 1)
})

test('a ctrl-c before the order is in the ledger stops it as soon as it is', async (t) => {
  const { hub, world, following, until } = await makeScene(t)
  world.interrupt()
  await until(/asks to stop/)
  await hub.happen('c1', [{ type: 'withdrawn', who: 'ada', why: '' }])
  assert.equal(await following, 1)
})

test('the second ctrl-c leaves the change to the hub far away', async (t) => {
  const { hub, store, world, following, until } = await makeScene(t)
  await until(/orders: deploy/)
  await hub.happen('c1', begin)
  world.interrupt()
  await until(/asks to stop/)
  world.interrupt()
  assert.equal(await following, 130)
  assert.equal((await store.ledger.open()).length, 1)
  assert.match(world.outs.at(-1) ?? '', /the hub goes on with it/)
})

test('the second ctrl-c never leaves a change that this very process carries out', async (t) => {
  const { hub, world, following, until } = await makeScene(t, { drives: true })
  await until(/orders: deploy/)
  await hub.happen('c1', begin)
  world.interrupt()
  await until(/asks to stop/)
  world.interrupt()
  await until(/it leaves when the change is over/)
  await hub.happen('c1', undo)
  assert.equal(await following, 3)
})

test('a stop that comes too late is said, not thrown', async (t) => {
  const late = { what: 'c1 is decided already', now: 'revert it' }
  const { hub, world, following, until } = await makeScene(t, {
    stop: () => Promise.reject(new TroubleError(late)),
  })
  await until(/orders: deploy/)
  world.interrupt()
  await until(/cannot stop it: c1 is decided already/)
  await hub.happen('c1', begin)
  await hub.happen('c1', finish)
  assert.equal(await following, 0)
})
