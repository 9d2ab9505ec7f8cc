import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ForgeConfig } from '../../config/repo/repo.ts'
import { openStore } from '../../store/open.ts'
import { keepDeliveries } from './deliveries.ts'
import type { ForgeEvent } from './event.ts'
import { makeIntake } from './intake.ts'
import { makeTally } from './tally.ts'
import { type Sent, sentPing, sentPush } from './webhook-sender.ts'

const at = 1_764_000_000_000
const secret = 'sixteen letters and more'
const sender = { kind: 'forgejo', webhook: 'signature', secret, at } as const
const push = { ref: 'refs/heads/main', from: null, to: 'a'.repeat(40), login: 'ada' }
const forge: ForgeConfig = {
  kind: 'forgejo',
  url: 'https://git.example.org/team/shop',
  clone: 'https://git.example.org/team/shop',
  secret: 'HOOK',
  token: null,
  webhook: 'signature',
}

test('a webhook acts once: the same body under another id, or after a restart, does nothing', async () => {
  await using world = await intakeWorld()
  const sent = sentPush(sender, push)
  assert.equal((await world.take('shop', sent)).status, 202)
  const renamed = { ...sent, headers: { ...sent.headers, 'x-forgejo-delivery': 'another' } }
  assert.equal((await world.take('shop', renamed)).status, 200)
  await world.restart()
  assert.equal((await world.take('shop', sent)).status, 200)
  assert.deepEqual(world.heard, [{ type: 'pushed', ...push }])
  assert.deepEqual([world.tally().taken, world.tally().repeated], [0, 1])
  assert.equal((await world.take('shop', sentPush(sender, { ...push, to: 'b'.repeat(40) }))).status, 202)
})

test('of two that come at the same moment, one acts', async () => {
  await using world = await intakeWorld()
  const sent = sentPush(sender, push)
  const answers = await Promise.all([1, 2, 3].map(() => world.take('shop', sent)))
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((one, other) => one - other),
    [200, 200, 202],
  )
  assert.equal(world.heard.length, 1)
})

test('the same body may come for another repository', async () => {
  await using world = await intakeWorld()
  const sent = sentPush(sender, push)
  assert.equal((await world.take('shop', sent)).status, 202)
  assert.equal((await world.take('infra', sent)).status, 202)
})

test('what is forged has no effect, and does not take the place of the real one', async () => {
  await using world = await intakeWorld()
  const sent = sentPush(sender, push)
  const forged = { ...sent, headers: { ...sent.headers, 'x-forgejo-signature': '0'.repeat(64) } }
  assert.equal((await world.take('shop', forged)).status, 401)
  assert.deepEqual(world.heard, [])
  assert.equal(world.tally().lastRefusal?.why, 'x-forgejo-signature is not made with our secret')
  assert.equal((await world.take('shop', sent)).status, 202)
})

test('without a secret, or without the repository, there is no endpoint', async () => {
  await using world = await intakeWorld()
  assert.equal((await world.take('nosuch', sentPush(sender, push))).status, 404)
  world.secrets.delete('HOOK')
  const unsigned = sentPush({ ...sender, secret: '' }, push)
  assert.equal((await world.take('shop', unsigned)).status, 503)
  assert.deepEqual(world.heard, [])
})

test('a trial is answered, and what is signed but not understood still has the refs looked at', async () => {
  await using world = await intakeWorld()
  assert.deepEqual(await world.take('shop', sentPing(sender)), {
    status: 200,
    says: 'it reaches us, and the secret fits',
  })
  const odd = sentPush(sender, { ...push, ref: 'main' })
  const answer = await world.take('shop', odd)
  assert.equal(answer.status, 202)
  assert.match(answer.says, /was not understood: ref:/)
})

test('refusals are told once a minute, with how many there were', async () => {
  const lines: string[] = []
  const tally = makeTally((line) => lines.push(line))
  for (let nth = 0; nth < 100; nth += 1) tally.refused('shop', 'no', at + nth)
  for (let nth = 0; nth < 100; nth += 1) tally.refused(null, 'there is no such repository', at + nth)
  tally.refused('shop', 'no', at + 60_000)
  assert.deepEqual(lines, [
    'refused a webhook for shop: no',
    'refused a webhook for no repository that a forge holds: there is no such repository',
    'refused a webhook for shop (and 99 before it): no',
  ])
})

test('deliveries are forgotten after a month', async () => {
  await using world = await intakeWorld()
  const deliveries = world.deliveries()
  const body = Buffer.from('x')
  assert.ok(await deliveries.isNew('shop', body, at))
  await deliveries.prune(at + 30 * 86_400_000)
  assert.ok(!(await deliveries.isNew('shop', body, at)))
  await deliveries.prune(at + 31 * 86_400_000)
  assert.ok(await deliveries.isNew('shop', body, at))
})

async function intakeWorld() {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-intake-'))
  let store = await openStore(dir)
  const heard: ForgeEvent[] = []
  const secrets = new Map([['HOOK', secret]])
  let tally = makeTally(() => {})
  const open = () => {
    tally = makeTally(() => {})
    return makeIntake({
      forgeOf: (repo) => (repo === 'shop' || repo === 'infra' ? forge : null),
      secret: async (name) => secrets.get(name) ?? null,
      deliveries: keepDeliveries(store.records),
      tally,
      now: () => at,
      heard: async (_, event) => void heard.push(event),
    })
  }
  let take = open()
  return {
    heard,
    secrets,
    tally: () => tally.of('shop'),
    deliveries: () => keepDeliveries(store.records),
    take: (repo: string, { headers, body }: Sent) =>
      take(repo, { header: (name) => headers[name] ?? null, body: Buffer.from(body) }),
    restart: async () => {
      await store.close()
      store = await openStore(dir)
      take = open()
    },
    [Symbol.asyncDispose]: async () => {
      await store.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
