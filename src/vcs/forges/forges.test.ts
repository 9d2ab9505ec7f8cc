import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { TroubleError } from '../../change/trouble.ts'
import type { TeamConfig } from '../../config/config.ts'
import { openStore } from '../../store/open.ts'
import type { FoundPush } from './follow.ts'
import { openForges } from './forges.ts'
import { openSmallForge } from './small-forge.ts'
import { type Sender, type Sent, sentPush, sentRequest } from './webhook-sender.ts'

const secret = 'sixteen letters and more'

test('a push to the forge arrives by its webhook, as the person who pushed it', async () => {
  await using world = await forgesWorld()
  const first = world.forge.commit('refs/heads/main', { 'a.txt': '1' }, 'Begin')
  await world.look()
  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' }, 'Go on')
  const answer = await world.send(
    sentPush(world.sender(), { ref: 'refs/heads/main', from: first, to: second, login: 'Ada-L' }),
  )
  assert.equal(answer.status, 202)
  await world.forges().idle()
  const push = { repo: 'shop', ref: 'refs/heads/main', from: first, to: second }
  assert.deepEqual(world.pushes.at(-1), { ...push, who: 'ada', door: 'forge', subject: 'Go on' })
})

test('a webhook that never came is made up for by looking, 30 s later', async () => {
  await using world = await forgesWorld()
  const first = world.forge.commit('refs/heads/main', { 'a.txt': '1' }, 'Begin')
  await world.look()
  assert.deepEqual(
    world.pushes.map(({ to, door }) => [to, door]),
    [[first, 'found']],
  )
  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' }, 'Go on')
  await world.pass(29_000)
  assert.equal(world.pushes.length, 1)
  await world.pass(1_000)
  assert.deepEqual(
    world.pushes.slice(1).map(({ to, who, door }) => [to, who, door]),
    [[second, new URL(world.forge.url).host, 'found']],
  )
})

test('webhooks out of order, early, late or of a lie end in what the refs say', async () => {
  await using world = await forgesWorld()
  const first = world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' })
  const third = world.forge.commit('refs/heads/main', { 'a.txt': '3' })
  const hook = (from: string, to: string, ref = 'refs/heads/main') =>
    world.send(sentPush(world.sender(), { ref, from, to, login: 'ada-l' }))
  await hook(second, third)
  await hook(first, second)
  await hook(third, 'f'.repeat(40))
  await hook(first, second, 'refs/heads/nowhere')
  await world.forges().idle()
  assert.deepEqual(
    world.pushes.slice(1).map(({ ref, from, to }) => [ref, from, to]),
    [['refs/heads/main', first, third]],
  )
})

test('what was there before us is not pushed, but for the protected branches', async () => {
  await using world = await forgesWorld()
  const head = world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  world.forge.commit('refs/heads/topic', { 'a.txt': '2' })
  world.forge.commit('refs/pull/1/head', { 'a.txt': '3' })
  world.forge.git('tag', 'v1', head)
  await world.look()
  assert.deepEqual(
    world.pushes.map(({ ref }) => ref),
    ['refs/heads/main'],
  )
})

test('a request from a fork is a push of its own, and of the team only when its author is known', async () => {
  await using world = await forgesWorld()
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  const open = async (number: number, login: string) => {
    const head = world.forge.commit(`refs/pull/${number}/head`, { 'a.txt': login })
    await world.send(
      sentRequest(world.sender(), { number, head, title: 'Fix it', login, isFork: true, isOpen: true }),
    )
    await world.forges().idle()
    return {
      who: world.pushes.at(-1)?.who,
      isOfTeam: world.forges().isOfTeam('shop', `refs/pull/${number}/head`),
    }
  }
  assert.deepEqual(await open(2, 'mallory'), { who: 'forge:mallory', isOfTeam: false })
  // Somebody of the forge who calls themselves as one of us is called here.
  assert.deepEqual(await open(3, 'ada'), { who: 'forge:ada', isOfTeam: false })
  assert.deepEqual(await open(4, 'ada-l'), { who: 'ada', isOfTeam: true })
  assert.equal(world.forges().isOfTeam('shop', 'refs/pull/99/head'), false)
  assert.equal(world.forges().isOfTeam('shop', 'refs/heads/main'), true)
  assert.deepEqual(
    world
      .forges()
      .requests.open('shop')
      .map(({ number }) => number),
    [4, 3, 2],
  )
})

test('a request whose commit a branch has is built as that branch', async () => {
  await using world = await forgesWorld()
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  const head = world.forge.commit('refs/heads/topic', { 'a.txt': '2' })
  world.forge.git('update-ref', 'refs/pull/2/head', head)
  await world.pass(30_000)
  assert.deepEqual(
    world.pushes.slice(1).map(({ ref }) => ref),
    ['refs/heads/topic'],
  )
})

test('a hub that dies between fetching and writing down finds the push again', async () => {
  await using world = await forgesWorld()
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' })
  world.failNextPush()
  await world.pass(30_000)
  assert.equal(world.forges().view('shop').looked.trouble?.what, 'the disk is full')
  await world.restart()
  await world.pass(0)
  assert.equal(world.pushes.at(-1)?.to, second)
})

test('a forge that is down is asked less and less, and people hear of it once', async () => {
  await using world = await forgesWorld()
  world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  world.forge.setDown(true)
  const before = world.forge.asked.length
  for (let s = 0; s < 900; s += 10) await world.pass(10_000)
  const tries = world.forge.asked.length - before
  assert.ok(tries >= 5 && tries <= 12, `${tries} tries in a quarter of an hour`)
  assert.equal(world.lines.length, 1)
  const { trouble } = world.forges().view('shop').looked
  assert.match(trouble?.what ?? '', /^cannot fetch from/)
  world.forge.setDown(false)
  await world.pass(300_000)
  assert.equal(world.forges().view('shop').looked.trouble, null)
  assert.deepEqual(world.lines.slice(1), ['shop is followed again'])
})

test('while tandem.ts is being written, what it last said holds', async () => {
  await using world = await forgesWorld()
  const first = world.forge.commit('refs/heads/main', { 'a.txt': '1' })
  await world.look()
  world.breakConfig()
  await world.pass(1_000)
  const second = world.forge.commit('refs/heads/main', { 'a.txt': '2' })
  const sent = sentPush(world.sender(), { ref: 'refs/heads/main', from: first, to: second, login: 'ada-l' })
  assert.equal((await world.send(sent)).status, 202)
  await world.forges().idle()
  assert.equal(world.pushes.at(-1)?.to, second)
})

async function forgesWorld() {
  const forge = await openSmallForge('gitea', null)
  const stateDir = await mkdtemp(join(tmpdir(), 'tandem-forges-'))
  const host = new URL(forge.url).host
  const config: Pick<TeamConfig, 'people' | 'repos' | 'url'> = {
    url: null,
    people: { ada: { name: 'Ada', may: 'everything', keys: [], forges: { [host]: 'ada-l' } } },
    repos: {
      shop: {
        protect: ['main'],
        largestBytes: 1e9,
        mirrors: [],
        jobs: {},
        forge: {
          kind: 'gitea',
          url: forge.url,
          clone: `${forge.url}.git`,
          secret: 'HOOK',
          token: null,
          webhook: 'signature',
        },
      },
    },
  }
  const pushes: FoundPush[] = []
  const lines: string[] = []
  let clock = 1_764_000_000_000
  let isBroken = false
  let failing = 0
  let store = await openStore(stateDir)
  const open = () =>
    openForges({
      config: async () => {
        if (isBroken) throw new Error('tandem.ts has a mistake')
        return config as TeamConfig
      },
      records: store.records,
      secrets: async () => new Map([['HOOK', secret]]),
      prepare: async (repo) => {
        const dir = join(stateDir, `${repo}.git`)
        await mkdir(dir, { recursive: true })
        execFileSync('git', ['init', '--quiet', '--bare', dir])
        return dir
      },
      pushed: async (push) => {
        if (failing > 0) {
          failing -= 1
          throw new TroubleError({ what: 'the disk is full', now: 'free some' })
        }
        pushes.push(push)
      },
      now: () => clock,
      tell: (line) => void lines.push(line),
      broke: (thrown) => assert.fail(String(thrown)),
    })
  let forges = await open()
  const pass = async (ms: number) => {
    clock += ms
    await forges.tick()
    await forges.idle()
  }
  return {
    forge,
    pushes,
    lines,
    forges: () => forges,
    sender: (): Sender => ({ kind: 'gitea', webhook: 'signature', secret, at: clock }),
    send: ({ headers, body }: Sent) =>
      forges.take('shop', { header: (name) => headers[name] ?? null, body: Buffer.from(body) }),
    look: () => pass(0),
    pass,
    failNextPush: () => void (failing = 1),
    breakConfig: () => void (isBroken = true),
    restart: async () => {
      await forges.close()
      await store.close()
      store = await openStore(stateDir)
      forges = await open()
    },
    [Symbol.asyncDispose]: async () => {
      await forges.close()
      await store.close()
      await forge[Symbol.asyncDispose]()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}
