import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { EnvironmentFlags, FlagSide, FlagView } from '../../api/wire/flags.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { flagsOf } from '../../../sdk/flags.ts'
import type { CountsBatch } from '../../../sdk/wire/messages.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/store.ts'
import { dayMs, hourMs } from './tally.ts'
import { type FlagUseHere, flagUse } from './use-side.ts'

const flag: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
  rules: [
    { id: 'r1', when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' },
    { id: 'r2', share: { hash: 'tandem-1', salt: 'r2:', weight: 20, of: 100 }, serve: 'on' },
  ],
}

/** One environment with two flags. */
function fakeFlags(): FlagSide {
  const views = ['checkout', 'search'].map((key): FlagView => ({
    key,
    rev: '1',
    change: 'c1',
    who: 'ada',
    at: 0,
    flag,
  }))
  const here: EnvironmentFlags = {
    environment: 'production',
    flags: flagsOf({ flags: { checkout: flag, search: flag }, segments: {} }),
    rev: () => '1',
    list: () => views,
    segments: () => [],
    flag: (key) => views.find((view) => view.key === key) ?? null,
    segment: () => null,
    since: () => null,
    subscribe: () => () => {},
  }
  return {
    environments: async () => ['production'],
    of: async () => here,
    history: async () => [],
    rolling: async () => null,
    looked: () => null,
    subscribe: () => () => {},
    schedules: null as never,
    keys: null as never,
  }
}

type Lab = Readonly<{ store: Store; flags: FlagSide; clock: { at: number }; use: FlagUseHere }>

async function open(t: TestContext): Promise<Lab> {
  const dir = mkdtempSync(join(tmpdir(), 'flag-use-'))
  const store = await openStore(dir)
  const clock = { at: 1000 * dayMs + 5 * hourMs }
  const flags = fakeFlags()
  t.after(async () => {
    await store.close()
    rmSync(dir, { recursive: true })
  })
  return { store, flags, clock, use: again({ store, flags, clock }) }
}

/** Another hub on the same store: the one before was killed. */
function again({ store, flags, clock }: Omit<Lab, 'use'>): FlagUseHere {
  return flagUse({ store, flags, now: () => clock.at })
}

function batch(
  client: string,
  nth: number,
  lines: CountsBatch['counts'],
  toMs = 1000 * dayMs + 5 * hourMs,
): CountsBatch {
  return { client, batch: nth, fromMs: toMs - 10_000, toMs, counts: lines }
}

const on = (count: number) => ({ flag: 'checkout', variant: 'on', rule: 'r1', reason: 'SPLIT', count })

async function countOf(use: FlagUseHere, key = 'checkout'): Promise<number> {
  const { day } = await use.history('production', key)
  return day.reduce((sum, { count }) => sum + count, 0)
}

test('what is taken is there after a crash, and the same batch counts once, also then', async (t) => {
  const lab = await open(t)
  await Promise.all([
    lab.use.take('production', batch('a', 1, [on(5)])),
    lab.use.take('production', batch('a', 1, [on(5)])),
  ])
  await lab.use.take('production', batch('b', 1, [on(2)]))
  assert.equal(await countOf(lab.use), 7)
  const next = again(lab)
  await next.take('production', batch('a', 1, [on(5)]))
  await next.take('production', batch('a', 2, [on(1)]))
  assert.equal(await countOf(next), 8)
  await next.close()
  assert.equal((await lab.store.records.list('flag-use-log')).length, 0)
  const last = again(lab)
  await last.take('production', batch('a', 2, [on(1)]))
  assert.equal(await countOf(last), 8)
})

test('a crash between the rows of a fold counts nothing twice', async (t) => {
  const lab = await open(t)
  await lab.use.take('production', batch('a', 1, [on(5), { ...on(3), flag: 'search' }]))
  const log = await lab.store.records.list('flag-use-log')
  await lab.use.close()
  // The rows of flags were written, and what they were made of is still there.
  for (const { key, value } of log) await lab.store.records.put('flag-use-log', key, value)
  const next = again(lab)
  assert.equal(await countOf(next), 5)
  assert.equal(await countOf(next, 'search'), 3)
})

test('a disk that takes nothing is told, and what comes again is counted', async (t) => {
  const lab = await open(t)
  const { records } = lab.store
  let isFull = true
  const full: Store = {
    ...lab.store,
    records: {
      ...records,
      put: async (...asked) => {
        if (isFull) throw new Error('the disk is full')
        return records.put(...asked)
      },
    },
  }
  const use = again({ ...lab, store: full })
  await assert.rejects(use.take('production', batch('a', 1, [on(5)])), /disk is full/)
  isFull = false
  await use.take('production', batch('a', 1, [on(5)]))
  assert.equal(await countOf(use), 5)
})

test('hours are kept for two days and days for two months', async (t) => {
  const lab = await open(t)
  await lab.use.take('production', batch('a', 1, [on(5)]))
  lab.clock.at += 3 * dayMs
  await lab.use.take('production', batch('a', 2, [on(1)], lab.clock.at))
  await lab.use.close()
  const { hours, days, lastAt } = await lab.use.history('production', 'checkout')
  assert.equal(lastAt, lab.clock.at)
  assert.deepEqual(
    hours.map(({ lines }) => lines[0]?.count),
    [1],
  )
  assert.deepEqual(
    days.map(({ lines }) => lines[0]?.count),
    [5, 1],
  )
})

test('the one answer there was is known, and since when; failures are none', async (t) => {
  const lab = await open(t)
  const off = { ...on(1), variant: 'off' }
  const failure = { flag: 'checkout', reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY', count: 9 }
  let nth = 0
  const same = async (lines: CountsBatch['counts']) => {
    nth += 1
    await lab.use.take('production', batch('a', nth, lines, lab.clock.at))
    lab.clock.at += dayMs
    return (await lab.use.history('production', 'checkout')).same
  }
  assert.deepEqual(await same([off]), { variant: 'off', at: 1000 * dayMs })
  assert.deepEqual(await same([on(1)]), { variant: 'on', at: 1001 * dayMs })
  assert.deepEqual(await same([on(1), failure]), { variant: 'on', at: 1001 * dayMs })
  assert.deepEqual(await same([failure]), { variant: 'on', at: 1001 * dayMs })
  assert.deepEqual(await same([on(1), off]), null)
})

test('clocks of clients are not believed', async (t) => {
  const lab = await open(t)
  await lab.use.take('production', batch('a', 1, [on(5)], 0))
  await lab.use.take('production', batch('b', 1, [on(5)], lab.clock.at + 90 * dayMs))
  const { lastAt, days } = await lab.use.history('production', 'checkout')
  assert.equal(lastAt, lab.clock.at)
  assert.deepEqual(
    days.map(({ at }) => at),
    [999 * dayMs, 1000 * dayMs],
  )
})

test('names that are no flags are shown, but not without end', async (t) => {
  const lab = await open(t)
  const lines = Array.from({ length: 2000 }, (_, nth) => ({
    flag: `made-up-${nth}`,
    reason: 'ERROR',
    errorCode: 'FLAG_NOT_FOUND',
    count: 1,
  }))
  for (let nth = 0; nth < 3; nth += 1)
    await lab.use.take('production', batch('a', nth + 1, lines.slice(nth * 400, nth * 400 + 400)))
  const { flags } = await lab.use.of('production')
  assert.deepEqual(
    flags.slice(0, 2).map(({ flag: key, lastAt }) => [key, lastAt]),
    [
      ['checkout', null],
      ['search', null],
    ],
  )
  assert.equal(flags.length, 2 + 500)
})

test('what the hub itself was asked counts as well', async (t) => {
  const lab = await open(t)
  const { flags } = await lab.flags.of('production')
  flags.resolve('checkout', { country: 'DE' })
  flags.resolve('checkout', { country: 'DE' })
  await lab.use.gather()
  assert.deepEqual((await lab.use.history('production', 'checkout')).day, [
    { variant: 'on', rule: 'r1', reason: 'TARGETING_MATCH', errorCode: null, count: 2 },
  ])
})

test('of the people seen lately it tells how many a rule would reach, and nothing else', async (t) => {
  const lab = await open(t)
  for (let nth = 0; nth < 20_000; nth += 1)
    lab.use.seen('production', { targetingKey: `user-${nth % 5000}`, country: nth % 2 === 0 ? 'DE' : 'NL' })
  const { sample, seen, variants, rules } = await lab.use.reach('production', 'checkout', flag)
  assert.equal(sample, 1000)
  assert.ok(seen > 4000 && seen < 6000, `${seen} of 5000`)
  assert.ok(Math.abs((rules['r1'] ?? 0) - 500) < 80, `${rules['r1']} of 500`)
  assert.ok(Math.abs((rules['r2'] ?? 0) - 100) < 50, `${rules['r2']} of 100`)
  assert.equal((variants['on'] ?? 0) + (variants['off'] ?? 0), 1000)
  assert.equal(JSON.stringify(await lab.store.records.list('flag-use')).includes('user-'), false)
  lab.clock.at += 2 * dayMs
  lab.use.seen('production', { targetingKey: 'somebody', country: 'DE' })
  assert.deepEqual(await lab.use.reach('production', 'checkout', flag), {
    sample: 1,
    seen: 1,
    variants: { on: 1 },
    rules: { r1: 1 },
  })
})
