import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import { Book } from '../../flags/book.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { openHub } from '../../hub.ts'
import { type FlagHub, hubWith, push, viewOf, writeFlag } from './try-flag-hub.ts'

const bound = {
  query: 'max(p99_ms)',
  above: 800,
  until: 600,
  to: 'min',
  every: '1s',
  back: '2s',
  pause: '7s',
} as const
const shown: Flag = {
  type: 'number',
  on: true,
  variants: { usual: 60, none: 0 },
  default: 'usual',
  off: 'none',
  knob: { min: 0, max: 100, step: 10, bound: { ...bound, by: 20 } },
}

test('a knob is turned by what is measured, and given back, and left to people', async (t) => {
  const hub = await hubWith(t, openHub, { key: 'shown', flag: shown })
  await pause(1_500)
  assert.deepEqual(await values(hub), [60], 'nothing is measured, and nothing turned')

  await push(hub, 'p99_ms', 912)
  await until(hub, [60, 40, 20, 0])
  const turns = (await changes(hub)).slice(1)
  for (const { door, who } of turns) assert.deepEqual([door, who], ['guard', 'tandem'])
  assert.match(
    turns[0]?.why ?? '',
    /^max\(p99_ms\) is 912, above 800, seen so for \d s: turned from 60 to 40$/,
  )
  assertApart(turns, 1_000)

  await push(hub, 'p99_ms', 700)
  await pause(2_500)
  assert.deepEqual(await values(hub), [60, 40, 20, 0], 'between the thresholds nothing is turned')

  await push(hub, 'p99_ms', 100)
  await until(hub, [60, 40, 20, 0, 20])
  const back = (await changes(hub)).at(-1)
  assert.match(back?.why ?? '', /^max\(p99_ms\) is 100, no longer above 600, .* given back from 0 to 20$/)

  const seen = await viewOf(hub, 'shown')
  const byHand = { ...seen.flag, variants: { ...seen.flag.variants, usual: 50 } }
  await writeFlag(hub, { key: 'shown', to: byHand, who: 'ada' })
  await push(hub, 'p99_ms', 912)
  await pause(2_500)
  const { flag, bound: state } = await viewOf(hub, 'shown')
  assert.equal(flag.variants['usual'], 50, 'whoever turns it by hand is left alone')
  assert.deepEqual([state?.byHand?.who, state?.rest, state?.turned?.change], ['ada', 50, back?.id])
  const again = new Book(hub.side.store)
  await again.catchUp()
  assert.deepEqual(
    again.environment('production').seen.flag('shown')?.bound,
    state,
    'the ledger tells all of it',
  )
  await until(hub, [...(await values(hub)), 30])
})

test('who reverts a turn is heeded like one who turns it by hand', async (t) => {
  const slow = { ...bound, by: 20, every: '3s', pause: '9s' } as const
  const hub = await hubWith(t, openHub, {
    key: 'shown',
    flag: { ...shown, knob: { min: 0, max: 100, bound: slow } },
  })
  await push(hub, 'p99_ms', 912)
  await until(hub, [60, 40])
  const turn = (await changes(hub)).at(-1)?.id ?? ''
  const order = await hub.side.revertOf(turn, null)
  const revert = await hub.side.propose({ ...order, who: 'bob', door: 'cli', why: 'not now' })
  await hub.idle()
  await pause(4_000)
  const { flag, bound: state } = await viewOf(hub, 'shown')
  assert.deepEqual([flag.variants['usual'], state?.rest], [60, 60])
  assert.deepEqual([state?.byHand?.change, state?.byHand?.who], [revert, 'bob'])
})

test('a query that finds many series, and a flag that is switched off, turn nothing', async (t) => {
  const many = { ...shown, knob: { min: 0, max: 100, bound: { ...bound, query: 'p99_ms' } } }
  const hub = await hubWith(t, openHub, { key: 'shown', flag: many })
  // The first one alone asks for no turn, should somebody look before there are two.
  await push(hub, 'p99_ms', 700, 'a')
  await push(hub, 'p99_ms', 912, 'b')
  await pause(2_500)
  assert.deepEqual(await values(hub), [60])
  const { measured, why } = hub.side.flags.looked('production', 'shown') ?? {}
  assert.deepEqual([measured, why], [null, 'the query answers with no single number'])
  await writeFlag(hub, { key: 'shown', to: { ...shown, on: false }, who: 'ada' })
  assert.equal(hub.side.flags.looked('production', 'shown'), null, 'what another query said says nothing')
  await pause(2_500)
  assert.equal((await viewOf(hub, 'shown')).flag.variants['usual'], 60)
})

type Change = Readonly<{ id: string; at: number; door: string; who: string; why: string; value: unknown }>

/** What has made of it what it is, the first one first. */
async function changes({ side }: FlagHub): Promise<readonly Change[]> {
  const ids = (await side.flags.history('production', 'shown')).toReversed()
  const all = await side.store.ledger.ofMany(ids)
  return all.map((entries) => {
    const [ordered] = entries
    assert.ok(ordered?.type === 'ordered')
    const { door, who, why, wish } = ordered.order
    const value = (wish as unknown as Wish).items[0].to.variants['usual']
    return { id: ordered.change, at: ordered.at, door, who, why, value }
  })
}

type Wish = Readonly<{ items: readonly [Readonly<{ to: Flag }>] }>

const values = async (hub: FlagHub): Promise<readonly unknown[]> =>
  (await changes(hub)).map(({ value }) => value)

async function until(hub: FlagHub, wanted: readonly unknown[]): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if ((await values(hub)).length >= wanted.length) break
    await pause(100)
  }
  // On a busy machine the next turn may have come since.
  assert.deepEqual((await values(hub)).slice(0, wanted.length), wanted)
  await hub.idle()
}

function assertApart(turns: readonly Change[], leastMs: number): void {
  turns.slice(1).forEach(({ at }, nth) => assert.ok(at - (turns[nth]?.at ?? 0) >= leastMs))
}
