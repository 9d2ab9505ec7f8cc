import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type TestContext, test } from 'node:test'
import { Book } from '../flags/book.ts'
import { Secret } from '../config/secret.ts'
import type { Flag } from '../../sdk/flag/flag.ts'
import { type Hub, openHub } from '../hub.ts'

const bound = {
  query: 'max(p99_ms)',
  above: 800,
  until: 600,
  to: 'min',
  every: '1s',
  back: '2s',
  pause: '4s',
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
  const hub = await hubWith(t, shown)
  await pause(1_500)
  assert.deepEqual(await values(hub), [60], 'nothing is measured, and nothing turned')

  await push(hub, 912)
  await until(hub, [60, 40, 20, 0])
  const turns = (await changes(hub)).slice(1)
  for (const { door, who } of turns) assert.deepEqual([door, who], ['guard', 'tandem'])
  assert.match(
    turns[0]?.why ?? '',
    /^max\(p99_ms\) is 912, above 800, seen so for \d s: turned from 60 to 40$/,
  )
  assertApart(turns, 1_000)

  await push(hub, 700)
  await pause(2_500)
  assert.deepEqual(await values(hub), [60, 40, 20, 0], 'between the thresholds nothing is turned')

  await push(hub, 100)
  await until(hub, [60, 40, 20, 0, 20])
  const back = (await changes(hub)).at(-1)
  assert.match(back?.why ?? '', /^max\(p99_ms\) is 100, no longer above 600, .* given back from 0 to 20$/)

  const seen = await view(hub)
  const byHand = { ...seen.flag, variants: { ...seen.flag.variants, usual: 50 } }
  await write(hub, byHand, 'ada')
  await push(hub, 912)
  await pause(2_500)
  const { flag, bound: state } = await view(hub)
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
  const hub = await hubWith(t, { ...shown, knob: { min: 0, max: 100, bound: slow } })
  await push(hub, 912)
  await until(hub, [60, 40])
  const turn = (await changes(hub)).at(-1)?.id ?? ''
  const order = await hub.side.revertOf(turn, null)
  const revert = await hub.side.propose({ ...order, who: 'bob', door: 'cli', why: 'not now' })
  await hub.idle()
  await pause(4_000)
  const { flag, bound: state } = await view(hub)
  assert.deepEqual([flag.variants['usual'], state?.rest], [60, 60])
  assert.deepEqual([state?.byHand?.change, state?.byHand?.who], [revert, 'bob'])
})

test('a query that finds many series, and a flag that is switched off, turn nothing', async (t) => {
  const many = { ...shown, knob: { min: 0, max: 100, bound: { ...bound, query: 'p99_ms' } } }
  const hub = await hubWith(t, many)
  await push(hub, 912, 'a')
  await push(hub, 913, 'b')
  await pause(2_500)
  assert.deepEqual(await values(hub), [60])
  const { measured, why } = hub.side.flags.looked('production', 'shown') ?? {}
  assert.deepEqual([measured, why], [null, 'the query answers with no single number'])
  await write(hub, { ...shown, on: false }, 'ada')
  assert.equal(hub.side.flags.looked('production', 'shown'), null, 'what another query said says nothing')
  await pause(2_500)
  assert.equal((await view(hub)).flag.variants['usual'], 60)
})

async function hubWith(t: TestContext, flag: Flag): Promise<Hub> {
  const dir = await mkdtemp(join(tmpdir(), 'knob-'))
  await writeFile(join(dir, 'tandem.ts'), `import { tandem } from 'tandem'\nexport default tandem({})\n`)
  const broken: unknown[] = []
  const hub = await openHub({
    projectDir: dir,
    stateDir: join(dir, '.tandem'),
    kind: 'hub',
    identity: () => Promise.resolve(new Secret('no key')),
    broke: (thrown) => void broken.push(thrown),
    tell: () => {},
  })
  await hub.start()
  t.after(async () => {
    await hub.close()
    await rm(dir, { recursive: true })
    assert.deepEqual(broken, [])
  })
  await write(hub, flag, 'ada')
  return hub
}

async function write(hub: Hub, to: Flag, who: string): Promise<void> {
  const item = { flag: 'shown', to }
  const wish = { do: 'write', environment: 'production', items: [item] } as never
  await hub.side.propose({
    kind: 'flip',
    target: 'flag:shown@production',
    wish,
    who,
    door: 'cli',
    why: '',
    reverts: null,
  })
  await hub.idle()
}

async function push(hub: Hub, value: number, host = 'a'): Promise<void> {
  await hub.side.metrics.write({
    labels: [['__name__', 'p99_ms', 'host', host]],
    times: [Date.now()],
    values: [value],
    stale: [],
  })
}

async function view(hub: Hub) {
  const found = (await hub.side.flags.of('production')).flag('shown')
  assert.ok(found)
  return found
}

type Change = Readonly<{ id: string; at: number; door: string; who: string; why: string; value: unknown }>

/** What has made of it what it is, the first one first. */
async function changes({ side }: Hub): Promise<readonly Change[]> {
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

const values = async (hub: Hub): Promise<readonly unknown[]> => (await changes(hub)).map(({ value }) => value)

async function until(hub: Hub, wanted: readonly unknown[]): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if ((await values(hub)).length >= wanted.length) break
    await pause(100)
  }
  assert.deepEqual(await values(hub), wanted)
  await hub.idle()
}

function assertApart(turns: readonly Change[], leastMs: number): void {
  turns.slice(1).forEach(({ at }, nth) => assert.ok(at - (turns[nth]?.at ?? 0) >= leastMs))
}
