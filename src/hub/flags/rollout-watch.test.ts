import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { test } from 'node:test'
import type { FlipWish } from '../../api/wire/flags.ts'
import type { Entry } from '../../change/entry.ts'
import type { ChangeId } from '../../change/order.ts'
import { statusOf } from '../../change/status.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { Flag } from '../../../sdk/flag/flag.ts'
import { openHub } from '../../hub.ts'
import { type FlagHub, hubWith, order, push, viewOf } from './try-flag-hub.ts'

const checkout: Flag = {
  type: 'boolean',
  on: true,
  variants: { on: true, off: false },
  default: 'off',
  off: 'off',
  watch: [{ query: 'sum(errors)', op: 'below', value: 0.5 }],
}

const roll = (holdMs: number, watch: readonly Readonly<Record<string, unknown>>[] = []) =>
  ({
    do: 'roll',
    environment: 'production',
    flag: 'checkout',
    serve: 'on',
    stages: [10, 100].map((percent) => ({ percent, holdMs })),
    ...(watch.length > 0 && { watch }),
  }) as unknown as FlipWish

test('stages for which all holds are healthy, with query and numbers in the change', async (t) => {
  const hub = await hubWith(t, openHub, { key: 'checkout', flag: checkout })
  await push(hub, 'errors', 0.2)
  const slow = { query: 'max(p99_ms)', op: 'at-most', value: 800 }
  await push(hub, 'p99_ms', 800)
  const rollout = await order(hub, roll(1_500, [slow, ...(checkout.watch ?? [])]))
  await hub.idle()
  const entries = await hub.side.store.ledger.of(rollout)
  assert.equal(statusOf(entries), 'done')
  const [first, second] = watched(entries)
  assert.equal(first?.verdict, 'healthy')
  assert.deepEqual(first?.evidence.map(withoutLooks), [
    'sum(errors) < 0.5 holds: 0.2 at last, 0.2 at worst, in … looks',
    'max(p99_ms) <= 800 holds: 800 at last, 800 at worst, in … looks',
  ])
  assert.equal(second?.verdict, 'healthy')
  const planned = entries.find((entry) => entry.type === 'planned')
  assert.deepEqual(
    planned?.plan.lines.slice(-2).map(({ text }) => text),
    ['watched: sum(errors) < 0.5', 'watched: max(p99_ms) <= 800'],
  )
})

test('a stage for which it does not hold is taken back, and nobody keeps what it gave', async (t) => {
  const hub = await hubWith(t, openHub, { key: 'checkout', flag: checkout })
  await push(hub, 'errors', 0.2)
  const rollout = await order(hub, roll(20_000))
  await until(async () => (await viewOf(hub, 'checkout')).flag.rules !== undefined)
  await push(hub, 'errors', 0.9)
  const since = Date.now()
  await hub.idle()
  assert.ok(Date.now() - since < 15_000, 'long before its time is over')
  const entries = await hub.side.store.ledger.of(rollout)
  assert.equal(statusOf(entries), 'undone')
  const [only] = watched(entries)
  assert.equal(only?.verdict, 'harmful')
  const evidence =
    'sum(errors) < 0.5 does not hold: 0.9 at last, 0.9 at worst, against it in 3 looks in a row'
  assert.deepEqual(only?.evidence, [evidence])
  assert.deepEqual((await viewOf(hub, 'checkout')).flag, checkout)
  const { trouble } = entries.findLast((entry) => entry.type === 'undone') ?? {}
  assert.equal(trouble?.what, `the stage 10 % did harm: ${evidence}`)
})

test('a stage of which nobody knows is held beyond its time, says so, and goes on when it is known or overruled', async (t) => {
  const hub = await hubWith(t, openHub, { key: 'checkout', flag: checkout })
  const rollout = await order(hub, roll(200))
  await until(async () => (await said(hub, rollout)).length > 0)
  assert.deepEqual(await said(hub, rollout), [
    'held, as nobody can tell: sum(errors) < 0.5: no single number in 1 look',
  ])
  await pause(1_500)
  assert.deepEqual(watched(await hub.side.store.ledger.of(rollout)), [], 'no data is not healthy')
  await push(hub, 'errors', 0.1)
  await until(async () => watched(await hub.side.store.ledger.of(rollout)).length > 0)
  await hub.idle()
  const verdicts = watched(await hub.side.store.ledger.of(rollout)).map(({ verdict }) => verdict)
  assert.deepEqual(verdicts, ['healthy', 'healthy'])
})

test('whoever overrules lets it go on, harmful or unknown, and the change says what was seen', async (t) => {
  const unknown = { query: 'nobody_measures_this', op: 'above', value: 0 } as const
  const hub = await hubWith(t, openHub, { key: 'checkout', flag: { ...checkout, watch: [unknown] } })
  const rollout = await order(hub, roll(200))
  await until(async () => (await said(hub, rollout)).length > 0)
  await hub.side.overrule(rollout, 'bob', 'we look ourselves')
  await hub.idle()
  const entries = await hub.side.store.ledger.of(rollout)
  assert.equal(statusOf(entries), 'done')
  assert.deepEqual(
    watched(entries).map(({ verdict }) => verdict),
    ['no data', 'no data'],
  )
})

test('a query that cannot be read is refused when it is bound or watched, with the place', async (t) => {
  const hub = await hubWith(t, openHub, { key: 'checkout', flag: checkout })
  const bad = (query: string) => ({ query, op: 'below', value: 1 }) as const
  const refusals: readonly (readonly [FlipWish, string])[] = [
    [roll(10, [bad('sum(errors')]), 'watch[0].query: 1:11: parse error: unclosed left parenthesis'],
    [
      roll(10, [bad('errors[5m]')]),
      'watch[0].query: 1:1: it answers with a range vector, which is no number',
    ],
    [
      write({ ...checkout, watch: [bad('up'), bad('max(')] }),
      'flags.checkout.watch[1].query: 1:5: parse error: unclosed left parenthesis',
    ],
    [
      write({
        type: 'number',
        on: true,
        variants: { a: 1 },
        default: 'a',
        off: 'a',
        knob: { min: 0, max: 2, bound: { query: 'max(p99_ms) by', above: 1, to: 'min', every: '1s' } },
      }),
      'flags.checkout.knob.bound.query: 1:15: parse error: unexpected end of input in grouping opts, expected "("',
    ],
  ]
  for (const [wish, says] of refusals)
    await assert.rejects(order(hub, wish), (thrown) => {
      assert.ok(thrown instanceof TroubleError)
      assert.equal(thrown.trouble.what, says)
      return true
    })
  const sudden = await order(hub, roll(0))
  await hub.idle()
  const refused = (await hub.side.store.ledger.of(sudden)).find((entry) => entry.type === 'refused')
  const says = 'no stage lasts, so that nobody would see whether sum(errors) < 0.5'
  assert.equal(refused?.trouble.what, says)
})

const write = (to: Flag): FlipWish => ({
  do: 'write',
  environment: 'production',
  items: [{ flag: 'checkout', to }],
})

const watched = (entries: readonly Entry[]) => entries.filter((entry) => entry.type === 'watched')

const withoutLooks = (line: string): string => line.replace(/\d+ looks?/, '… looks')

async function said({ side }: FlagHub, change: ChangeId): Promise<readonly string[]> {
  return (await side.store.log.of(change, 0, 100)).map(({ text }) => text)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await holds()) return
    await pause(100)
  }
  assert.fail('it never came')
}
