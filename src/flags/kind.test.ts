import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { EnvironmentFlags, FlagDelta, FlipWish } from '../api/wire/flags.ts'
import type { Json } from '../change/json.ts'
import type { ChangeId, Order } from '../change/order.ts'
import { statusOf } from '../change/status.ts'
import { NotNowError, type Trouble, TroubleError } from '../change/trouble.ts'
import type { Flag } from '../../sdk/flag/flag.ts'
import { makePipeline, type Pipeline } from '../pipeline/pipeline.ts'
import { revertOrder } from '../pipeline/revert-order.ts'
import { openTail } from '../pipeline/tail.ts'
import type { World } from '../pipeline/world.ts'
import { thisProcess } from '../store/holder.ts'
import { openStore } from '../store/open.ts'
import type { Holder, Store } from '../store/store.ts'
import { Book } from './book.ts'
import { flagSide } from './flag-side.ts'
import type { FlagWorld } from './flag-world.ts'
import { flagKind } from './kind.ts'
import { orderDue } from './schedule.ts'

type Lab = Readonly<{
  dir: string
  store: Store
  world: World
  flagWorld: FlagWorld
  book: Book
  pipeline: Pipeline
  production: EnvironmentFlags
}>

async function open(t: TestContext, holder: Holder = thisProcess('hub')): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'flags-'))
  const store = await openStore(dir)
  const sleep = (ms: number, signal: AbortSignal) => pause(ms, undefined, { signal }).catch(() => undefined)
  const flagWorld: FlagWorld = {
    store,
    environments: async () => ['production', 'staging'],
    now: Date.now,
    sleep,
    measure: async () => null,
    queryTrouble: async () => null,
  }
  const book = new Book(store)
  const kind = flagKind(flagWorld, book)
  const world: World = {
    store,
    kinds: new Map([['flip', kind]]),
    holder,
    now: Date.now,
    sleep,
    announce: async () => [],
  }
  const bugs: unknown[] = []
  await store.leases.beat(world.holder, Date.now())
  const pipeline = makePipeline(world, (_, thrown) => bugs.push(thrown))
  const tail = await openTail(store, (thrown) => bugs.push(thrown))
  tail.subscribe({ entry: pipeline.heard, aside: () => {}, log: () => {} })
  const production = await flagSide(flagWorld, book).of('production')
  t.after(async () => {
    await pipeline.idle()
    tail.close()
    await book.close()
    await store.close()
    rmSync(dir, { recursive: true })
    assert.deepEqual(bugs, [])
  })
  return { dir, store, world, flagWorld, book, pipeline, production }
}

async function orderOf({ world }: Lab, wish: FlipWish, who: string): Promise<Order> {
  const kind = world.kinds.get('flip')
  assert.ok(kind)
  const accepted = await kind.accept(wish as unknown as Json)
  return { ...accepted, kind: 'flip', who, door: 'cli', why: '', reverts: null }
}

/** Orders it and waits for its end. */
async function flip(lab: Lab, wish: FlipWish, who = 'ada'): Promise<ChangeId> {
  const id = await lab.pipeline.propose(await orderOf(lab, wish, who))
  await lab.pipeline.idle()
  return id
}

async function endOf(
  { store }: Lab,
  id: ChangeId,
): Promise<Readonly<{ status: string; trouble: Trouble | null }>> {
  const entries = await store.ledger.of(id)
  const last = entries.at(-1)
  return {
    status: statusOf(entries),
    trouble: last !== undefined && 'trouble' in last ? (last.trouble as Trouble) : null,
  }
}

async function revert(lab: Lab, id: ChangeId | null, target: string | null = null): Promise<ChangeId> {
  const order = await revertOrder(lab.world, id, target)
  const revertId = await lab.pipeline.propose({ ...order, who: 'bob', door: 'cli', why: 'it hurts' })
  await lab.pipeline.idle()
  return revertId
}

const checkout: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
}

const write = (flag: string, to: Flag | null, base?: string | null): FlipWish => ({
  do: 'write',
  environment: 'production',
  items: [{ flag, to, ...(base !== undefined && { base }) }],
})

const ask = ({ production }: Lab, user = 'u1') =>
  production.flags.boolean('checkout', false, { targetingKey: user })

const share = (lab: Lab): number =>
  Array.from({ length: 1000 }, (_, nth) => ask(lab, `u${nth}`)).filter(Boolean).length

test('a flag is made, altered and taken back, each time by a change in the ledger', async (t) => {
  const lab = await open(t)
  const deltas: FlagDelta[] = []
  lab.production.subscribe((delta) => deltas.push(delta))
  const made = await flip(lab, write('checkout', checkout, null))
  assert.equal(ask(lab), false)
  const seen = lab.production.flag('checkout')
  assert.equal(seen?.change, made)
  const opened = await flip(lab, write('checkout', { ...checkout, default: 'on' }, seen?.rev))
  assert.equal(ask(lab), true)
  const reverting = await revert(lab, opened)
  assert.equal((await endOf(lab, reverting)).status, 'done')
  assert.equal(ask(lab), false)
  assert.equal(lab.production.flag('checkout')?.rev, seen?.rev)
  await revert(lab, null, 'flag:checkout@production')
  assert.equal(lab.production.flag('checkout'), null)
  assert.deepEqual(
    deltas.map(({ flags }) => Object.keys(flags)),
    [['checkout'], ['checkout'], ['checkout'], ['checkout']],
  )
  for (const [at, delta] of deltas.slice(1).entries()) assert.equal(delta.prev, deltas[at]?.rev)
  assert.equal(deltas.at(-1)?.rev, lab.production.rev())
})

test('what is planned is in the ledger before any flag is another', async (t) => {
  const lab = await open(t)
  const planned: boolean[] = []
  lab.production.subscribe(() => {
    void lab.store.ledger
      .of('c1')
      .then((entries) => planned.push(entries.some(({ type }) => type === 'planned')))
  })
  await flip(lab, write('checkout', checkout))
  assert.deepEqual(planned, [true])
})

test('of two edits made on the same flag the second is told what changed under it, and overwrites nothing', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const base = lab.production.flag('checkout')?.rev ?? ''
  const first = await flip(lab, write('checkout', { ...checkout, default: 'on' }, base), 'ada')
  const second = await flip(lab, write('checkout', { ...checkout, off: 'on' }, base), 'bob')
  const { status, trouble } = await endOf(lab, second)
  assert.equal(status, 'refused')
  assert.equal(trouble?.what, `checkout in production was altered meanwhile, by ada with ${first}`)
  assert.deepEqual(trouble?.tail, ['~ default: off -> on'])
  assert.equal(ask(lab), true)
  const anew = await flip(lab, write('checkout', checkout, null))
  assert.match(
    (await endOf(lab, anew)).trouble?.what ?? '',
    /^there is a flag checkout in production already/,
  )
})

test('what would be wrong is refused before it is ordered, with where and what to do', async (t) => {
  const lab = await open(t)
  const needs = (key: string): Flag => ({ ...checkout, requires: [{ flag: key, serves: ['on'] }] })
  await flip(lab, write('a', checkout))
  await flip(lab, write('b', needs('a')))
  const refusals: readonly (readonly [FlipWish, RegExp])[] = [
    [write('a', needs('b')), /^flags\.b\.requires\[0\]: it asks for itself: flag a -> flag b -> flag a/],
    [write('a', null), /^flags\.b\.requires\[0\]\.flag: there is no flag 'a'/],
    [
      write('a', { ...checkout, variants: { off: false }, default: 'off' }),
      /^flags\.b\.requires\[0\]\.serves\[0\]: 'a' has no variant 'on'/,
    ],
    [
      write('c', { ...checkout, rules: [{ id: 'r', when: { segment: 'team' }, serve: 'on' }] }),
      /there is no segment 'team'/,
    ],
    [write('c', { ...checkout, default: 'onn' }), /there is no variant 'onn'/],
    [write('no key', checkout), /^flags\["no key"\]/],
    [
      { do: 'switch', environment: 'production', flag: 'bb', on: false },
      /^there is no flag 'bb' in production/,
    ],
    [{ do: 'switch', environment: 'prod', flag: 'b', on: false }, /^there is no environment 'prod'/],
    [{ do: 'undo', change: 'c99' }, /^c99 is no change of flags/],
    [{ do: 'paint' } as unknown as FlipWish, /^this is no wish for flags/],
  ]
  for (const [wish, says] of refusals)
    await assert.rejects(orderOf(lab, wish, 'ada'), (thrown) => {
      assert.ok(thrown instanceof TroubleError)
      assert.match(thrown.trouble.what, says)
      return true
    })
})

test('two edits that are right alone and wrong together do not both stay', async (t) => {
  const lab = await open(t)
  const needs = (key: string): Flag => ({ ...checkout, requires: [{ flag: key, serves: ['on'] }] })
  await flip(lab, write('a', checkout))
  await flip(lab, write('b', checkout))
  const orders = [
    await orderOf(lab, write('a', needs('b')), 'ada'),
    await orderOf(lab, write('b', needs('a')), 'bob'),
  ]
  await Promise.all(orders.map((order) => lab.pipeline.propose(order)))
  await lab.pipeline.idle()
  const rings = ['a', 'b'].filter((key) => lab.production.flag(key)?.flag.requires !== undefined)
  assert.ok(rings.length < 2)
})

test('the kill switch is beside all else: it passes a rollout by, which then gives way', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', { ...checkout, default: 'off' }))
  const stages = [
    { percent: 10, holdMs: 60_000 },
    { percent: 100, holdMs: 0 },
  ]
  const roll: FlipWish = { do: 'roll', environment: 'production', flag: 'checkout', serve: 'on', stages }
  const rollout = await lab.pipeline.propose(await orderOf(lab, roll, 'ada'))
  while (share(lab) === 0) await pause(5)
  assert.ok(share(lab) > 50 && share(lab) < 150)
  await assert.rejects(orderOf(lab, write('checkout', checkout), 'bob'), (thrown) => {
    assert.ok(thrown instanceof NotNowError)
    assert.match(thrown.message, /is being rolled out by ada with c2/)
    return true
  })
  const kill = await flip(
    lab,
    { do: 'switch', environment: 'production', flag: 'checkout', on: false },
    'bob',
  )
  assert.equal((await endOf(lab, kill)).status, 'done')
  const { status, trouble } = await endOf(lab, rollout)
  assert.equal(status, 'undone')
  assert.equal(trouble?.what, `checkout in production was altered meanwhile, by bob with ${kill}`)
  assert.deepEqual(lab.production.flag('checkout')?.flag, { ...checkout, on: false })
  await revert(lab, kill)
  assert.deepEqual(lab.production.flag('checkout')?.flag, checkout)
})

test('a rollout goes up stage by stage, drops nobody, and is taken back whole', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const reached: number[] = []
  let had: readonly string[] = []
  const dropped: string[] = []
  lab.production.subscribe(() => {
    const have = Array.from({ length: 1000 }, (_, nth) => `u${nth}`).filter((user) => ask(lab, user))
    dropped.push(...had.filter((user) => !have.includes(user)))
    had = have
    reached.push(have.length)
  })
  const stages = [1, 10, 50, 100].map((percent) => ({ percent, holdMs: 30 }))
  const rollout = await flip(lab, {
    do: 'roll',
    environment: 'production',
    flag: 'checkout',
    serve: 'on',
    stages,
  })
  assert.equal((await endOf(lab, rollout)).status, 'done')
  assert.deepEqual(dropped, [])
  assert.equal(reached.length, 4)
  for (const [at, share] of [10, 100, 500, 1000].entries())
    assert.ok(Math.abs((reached[at] ?? 0) - share) < share * 0.3 + 10)
  const entries = await lab.store.ledger.of(rollout)
  assert.deepEqual(
    entries.flatMap((entry) => (entry.type === 'watched' ? [`${entry.stage} ${entry.verdict}`] : [])),
    ['1 % no data', '10 % no data', '50 % no data', '100 % no data'],
  )
  await revert(lab, rollout)
  assert.deepEqual(lab.production.flag('checkout')?.flag, checkout)
})

test('a rollout that is stopped is put back to what was before', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const stages = [
    { percent: 50, holdMs: 60_000 },
    { percent: 100, holdMs: 0 },
  ]
  const roll: FlipWish = { do: 'roll', environment: 'production', flag: 'checkout', serve: 'on', stages }
  const rollout = await lab.pipeline.propose(await orderOf(lab, roll, 'ada'))
  while (share(lab) === 0) await pause(5)
  await lab.pipeline.stop(rollout, 'bob', 'cli')
  await lab.pipeline.idle()
  assert.equal((await endOf(lab, rollout)).status, 'undone')
  assert.deepEqual(lab.production.flag('checkout')?.flag, checkout)
})

/** No process has this number. */
const deadHolder: Holder = { ...thisProcess('hub'), pid: 2 ** 22 + 1 }

/** The hub that comes after, on the same store. */
function nextHub(
  { store, world, flagWorld }: Lab,
  holder: Holder['kind'] = 'hub',
): Readonly<{ pipeline: Pipeline; book: Book }> {
  const book = new Book(store)
  const kinds = new Map([['flip', flagKind(flagWorld, book)]])
  const pipeline = makePipeline({ ...world, kinds, holder: thisProcess(holder) }, (_, thrown) =>
    assert.fail(String(thrown)),
  )
  return { pipeline, book }
}

test('a rollout is left to the next hub when this one goes, and goes on where it was', async (t) => {
  const lab = await open(t, deadHolder)
  await flip(lab, write('checkout', checkout))
  const stages = [10, 50, 100].map((percent) => ({ percent, holdMs: 300 }))
  const roll: FlipWish = { do: 'roll', environment: 'production', flag: 'checkout', serve: 'on', stages }
  const rollout = await lab.pipeline.propose(await orderOf(lab, roll, 'ada'))
  while (share(lab) < 400) await pause(5)
  lab.pipeline.retire()
  await lab.pipeline.idle()
  assert.equal((await endOf(lab, rollout)).status, 'running')
  const { pipeline } = nextHub(lab)
  assert.deepEqual(await pipeline.resume(), [rollout])
  await pipeline.idle()
  const entries = await lab.store.ledger.of(rollout)
  assert.equal(statusOf(entries), 'done')
  const began = entries.flatMap((entry) => (entry.type === 'step-started' ? [entry.step] : []))
  assert.deepEqual(began, ['10 %', '50 %', '100 %'])
  await lab.book.catchUp()
  assert.equal(share(lab), 1000)
})

test('a rollout that was stopped while nobody ran it is undone by the next hub', async (t) => {
  const lab = await open(t, deadHolder)
  await flip(lab, write('checkout', checkout))
  const stages = [{ percent: 10, holdMs: 60_000 }]
  const roll: FlipWish = { do: 'roll', environment: 'production', flag: 'checkout', serve: 'on', stages }
  const rollout = await lab.pipeline.propose(await orderOf(lab, roll, 'ada'))
  while (share(lab) === 0) await pause(5)
  lab.pipeline.retire()
  await lab.pipeline.idle()
  const { pipeline } = nextHub(lab)
  await pipeline.stop(rollout, 'bob', 'cli')
  await pipeline.resume()
  await pipeline.idle()
  assert.equal((await endOf(lab, rollout)).status, 'undone')
  await lab.book.catchUp()
  assert.deepEqual(lab.production.flag('checkout')?.flag, checkout)
})

test('a rollout that a hub has left is let be by commands without one, until somebody stops it', async (t) => {
  const lab = await open(t, deadHolder)
  await flip(lab, write('checkout', checkout))
  const stages = [{ percent: 10, holdMs: 60_000 }]
  const roll: FlipWish = { do: 'roll', environment: 'production', flag: 'checkout', serve: 'on', stages }
  const rollout = await lab.pipeline.propose(await orderOf(lab, roll, 'ada'))
  while (share(lab) === 0) await pause(5)
  lab.pipeline.retire()
  await lab.pipeline.idle()
  const { pipeline } = nextHub(lab, 'cli')
  assert.deepEqual(await pipeline.resume(), [])
  assert.equal((await endOf(lab, rollout)).status, 'running')
  assert.notEqual(share(lab), 0)
  await pipeline.stop(rollout, 'bob', 'cli')
  await pipeline.idle()
  assert.equal((await endOf(lab, rollout)).status, 'undone')
})

test('a revert is refused where somebody has built on it, with what to take back first', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const second = await flip(lab, write('checkout', { ...checkout, default: 'on' }))
  const third = await flip(lab, write('checkout', { ...checkout, off: 'on' }))
  const { status, trouble } = await endOf(lab, await revert(lab, second))
  assert.equal(status, 'refused')
  assert.equal(trouble?.what, `checkout in production was altered since ${second}, by ada with ${third}`)
  assert.equal(trouble?.now, `take that back first: \`tandem revert ${third}\``)
})

test('a book read from its mark, from the start, or along the way says the same', async (t) => {
  const lab = await open(t)
  for (let nth = 0; nth < 30; nth += 1)
    await flip(lab, write(`flag-${nth % 10}`, { ...checkout, default: nth % 3 === 0 ? 'on' : 'off' }))
  await flip(lab, { do: 'switch', environment: 'production', flag: 'flag-3', on: false })
  const now = lab.production
  const rebuilt = new Book(lab.store)
  await rebuilt.catchUp()
  assert.deepEqual(rebuilt.environment('production').written(), lab.book.environment('production').written())
  await rebuilt.close()
  const marked = new Book(lab.store)
  await marked.catchUp()
  assert.deepEqual(new Set(marked.environment('production').seen.list()), new Set(now.list()))
  assert.equal(marked.environment('production').seen.rev(), now.rev())
  assert.equal(marked.environment('production').seen.flags.boolean('flag-3', true), false)
})

test('a mark of a ledger that went another way is not used', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  await lab.book.close()
  const mark = (await lab.store.records.get('flags', 'bookmark')) as Record<string, unknown>
  const lies = { production: { rev: 'x', flags: [], segments: [] } }
  await lab.store.records.put('flags', 'bookmark', { ...mark, hash: '0'.repeat(64), environments: lies })
  const book = new Book(lab.store)
  await book.catchUp()
  assert.equal(book.environment('production').seen.rev(), lab.production.rev())
})

test('what happened since a state is told in one, as long as the state is remembered', async (t) => {
  const lab = await open(t)
  await flip(lab, write('a', checkout))
  const rev = lab.production.rev()
  assert.deepEqual(lab.production.since(rev)?.flags, {})
  await flip(lab, write('b', checkout))
  await flip(lab, write('a', null))
  const delta = lab.production.since(rev)
  assert.deepEqual(
    [delta?.prev, delta?.rev, delta?.flags['a'], delta?.flags['b']],
    [rev, lab.production.rev(), null, checkout],
  )
  assert.equal(lab.production.since('9-000000000000'), null)
})

test('a flip that waits for its time is in the ledger, ordered once when it is due, and can be taken back', async (t) => {
  const lab = await open(t)
  await flip(lab, write('checkout', checkout))
  const clock = { at: Date.now() }
  const flagWorld = { ...lab.flagWorld, now: () => clock.at }
  const { schedules } = flagSide(flagWorld, lab.book)
  const kill: FlipWish = { do: 'switch', environment: 'production', flag: 'checkout', on: false }
  const asked = { wish: kill, who: 'ada', why: 'the sale ends' }
  const schedule = await schedules.add({ ...asked, due: clock.at + 60_000 })
  const other = await schedules.add({ ...asked, due: clock.at + 30_000 })
  assert.deepEqual(
    (await schedules.list()).map(({ id }) => id),
    [other.id, schedule.id],
  )
  await schedules.cancel(other.id, 'bob', 'no')
  await orderDue(flagWorld, lab.book, lab.pipeline.propose)
  await lab.pipeline.idle()
  assert.equal(lab.production.flag('checkout')?.flag.on, true)
  clock.at += 60_000
  const rebuilt = new Book(lab.store)
  for (let nth = 0; nth < 2; nth += 1) await orderDue(flagWorld, rebuilt, lab.pipeline.propose)
  await lab.pipeline.idle()
  assert.equal(lab.production.flag('checkout')?.flag.on, false)
  assert.deepEqual(await schedules.list(), [])
  const [last, before] = await lab.store.ledger.changes({ target: null, before: null, limit: 2 })
  const [ordered] = await lab.store.ledger.of(last ?? '')
  assert.ok(ordered?.type === 'ordered')
  assert.deepEqual(
    [ordered.order.door, ordered.order.who, ordered.order.why],
    ['clock', 'ada', 'the sale ends'],
  )
  assert.equal(before, 'c1')
})

test('a time that is over, or a wish that cannot be, is not scheduled', async (t) => {
  const lab = await open(t)
  const { schedules } = flagSide(lab.flagWorld, lab.book)
  const kill: FlipWish = { do: 'switch', environment: 'production', flag: 'checkout', on: false }
  const asked = { wish: kill, who: 'ada', why: '' }
  await assert.rejects(schedules.add({ ...asked, due: Date.now() - 1 }), /that time is over/)
  await assert.rejects(schedules.add({ ...asked, due: Date.now() + 10 ** 12 }), /more than a year away/)
  await assert.rejects(schedules.add({ ...asked, due: Date.now() + 60_000 }), /there is no flag 'checkout'/)
  await assert.rejects(schedules.cancel('s1', 'ada', ''), /nothing waits by the name s1/)
})
