import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ForgeConfig, forgeKinds } from '../../config/repo/repo.ts'
import { openStore } from '../../store/open.ts'
import { openOutbox } from './outbox.ts'
import { openSmallForge } from './small-forge.ts'
import type { CommitStatus } from './status.ts'

const commit = 'a'.repeat(40)
const pending: CommitStatus = { context: 'tandem/ci', state: 'pending', text: 'waiting', path: '/runs/r1' }
const success: CommitStatus = { ...pending, state: 'success', text: '1 job passed in 1 s' }

test('every forge is told, in its own words', async () => {
  for (const kind of forgeKinds) {
    await using world = await outboxWorld(kind)
    for (const status of [pending, pending, success]) {
      await world.outbox().say('shop', commit, status)
      await world.outbox().idle()
    }
    const states = world.forge.statuses.map(({ body }) => body['state'])
    // GitLab refuses to be told again what it knows, and that is as good.
    assert.deepEqual(
      states,
      kind === 'gitlab' ? ['pending', 'success'] : ['pending', 'pending', 'success'],
      kind,
    )
    assert.equal(world.forge.statuses[0]?.body['target_url'], 'https://hub.example.org/runs/r1')
    assert.deepEqual([world.outbox().of('shop').waiting, world.outbox().of('shop').trouble], [0, null])
  }
})

test('a forge that is down is tried again, later each time, and is told what is true by then', async () => {
  await using world = await outboxWorld('github')
  world.forge.setDown(true)
  await world.outbox().say('shop', commit, pending)
  await world.outbox().idle()
  await world.outbox().say('shop', commit, success)
  await world.outbox().idle()
  const asked = () => world.forge.asked.length
  assert.equal(world.outbox().of('shop').waiting, 1)
  assert.equal(asked(), 1)
  await world.pass(1_000)
  assert.equal(asked(), 2)
  await world.pass(1_000)
  assert.equal(asked(), 2)
  world.forge.setDown(false)
  await world.pass(1_000)
  assert.deepEqual(
    world.forge.statuses.map(({ body }) => body['state']),
    ['success'],
  )
  assert.equal(world.lines.length, 2)
  assert.match(world.lines[0] ?? '', /^shop: statuses do not reach the forge: /)
  assert.match(world.lines[1] ?? '', /^shop: statuses reach http.* again$/)
})

test('what waits outlives the hub', async () => {
  await using world = await outboxWorld('gitea')
  world.forge.setDown(true)
  await world.outbox().say('shop', commit, success)
  await world.restart()
  assert.equal(world.outbox().of('shop').waiting, 1)
  world.forge.setDown(false)
  await world.pass(0)
  assert.equal(world.forge.statuses.length, 1)
  await world.restart()
  assert.equal(world.outbox().of('shop').waiting, 0)
})

test('a forge is left in peace for as long as it asks', async () => {
  await using world = await outboxWorld('github')
  world.forge.faults.push({ status: 429, headers: { 'retry-after': '120' } })
  await world.outbox().say('shop', commit, success)
  await world.pass(119_000)
  assert.equal(world.forge.statuses.length, 0)
  await world.pass(1_000)
  assert.equal(world.forge.statuses.length, 1)
})

test('a token that opens nothing is a trouble that people see, and a new one is used at once', async () => {
  await using world = await outboxWorld('forgejo')
  world.secrets.set('TOKEN', 'wrong')
  await world.outbox().say('shop', commit, success)
  await world.outbox().idle()
  assert.match(world.outbox().of('shop').trouble ?? '', /401: Bad credentials \(may the token/)
  assert.doesNotMatch(world.lines.join('\n'), /wrong/)
  world.secrets.delete('TOKEN')
  await world.pass(300_000)
  assert.equal(world.outbox().of('shop').trouble, 'the secret TOKEN is not set in infra')
  world.secrets.set('TOKEN', 'right')
  await world.pass(300_000)
  assert.equal(world.forge.statuses.length, 1)
})

test('what a forge will never take is dropped and said, and does not hold up the others', async () => {
  await using world = await outboxWorld('github')
  world.forge.faults.push({ status: 422, body: { message: 'No commit found for SHA' } })
  await world.outbox().say('shop', commit, success)
  await world.outbox().say('shop', 'b'.repeat(40), success)
  await world.outbox().idle()
  assert.deepEqual(
    world.forge.statuses.map((each) => each.commit),
    ['b'.repeat(40)],
  )
  assert.deepEqual(
    world.lines[0],
    'shop: tandem/ci of aaaaaaa is not sent: it answered 422: No commit found for SHA',
  )
})

test('what could not be sent for a day is old news', async () => {
  await using world = await outboxWorld('gitlab')
  world.forge.setDown(true)
  await world.outbox().say('shop', commit, success)
  await world.outbox().idle()
  world.forge.setDown(false)
  await world.pass(86_400_001)
  assert.deepEqual([world.forge.statuses.length, world.outbox().of('shop').waiting], [0, 0])
})

test('a repository that tells no forge keeps nothing', async () => {
  await using world = await outboxWorld('github')
  await world.outbox().say('infra', commit, success)
  assert.equal(world.outbox().of('infra').waiting, 0)
})

async function outboxWorld(kind: ForgeConfig['kind']) {
  const forge = await openSmallForge(kind, 'right')
  const dir = await mkdtemp(join(tmpdir(), 'tandem-outbox-'))
  const config: ForgeConfig = {
    kind,
    url: forge.url,
    clone: forge.url,
    secret: 'HOOK',
    token: 'TOKEN',
    webhook: 'signature',
  }
  const secrets = new Map([['TOKEN', 'right']])
  const lines: string[] = []
  let clock = 1_764_000_000_000
  let store = await openStore(dir)
  const open = () =>
    openOutbox({
      records: store.records,
      forgeOf: (repo) => (repo === 'shop' ? config : null),
      secret: async (name) => secrets.get(name) ?? null,
      hub: () => 'https://hub.example.org',
      now: () => clock,
      tell: (line) => void lines.push(line),
    })
  let outbox = await open()
  return {
    forge,
    secrets,
    lines,
    outbox: () => outbox,
    pass: async (ms: number) => {
      await outbox.idle()
      clock += ms
      outbox.tick()
      await outbox.idle()
    },
    restart: async () => {
      await outbox.close()
      await store.close()
      store = await openStore(dir)
      outbox = await open()
    },
    [Symbol.asyncDispose]: async () => {
      await outbox.close()
      await store.close()
      await forge[Symbol.asyncDispose]()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
