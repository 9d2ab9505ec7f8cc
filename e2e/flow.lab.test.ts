import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Hammer, startHammer } from '../lab/hammer.ts'
import { labNeeds } from '../lab/needs.ts'
import { type Flow, openFlow } from './lab/flow.ts'
import { processesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import { noSandbox } from './repos/served-hub.ts'
import { noSshd } from './repos/served-ssh.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : noSandbox || noSshd

const limitMs = 120_000

// One story, told in order: each test goes on where the one before has left off.
describe('what is pushed goes live on three hosts', { skip, timeout: 600_000 }, () => {
  let flow: Flow
  let traffic: Hammer

  before(async () => {
    // Hosts count once a second: a watch of one second may end before the first count that shows anything.
    flow = await openFlow({ hosts: 3, environment: { watch: '3s', drain: '1s' } })
  })
  after(() => flow.close())

  const commitOf = (commit: string) =>
    flow.hub.client().call('GET /api/repos/:repo/commits/:commit', { params: { repo: 'shop', commit } })
  const changeOf = (id: string) => flow.hub.client().call('GET /api/changes/:id', { params: { id } })

  test('over HTTP, from bare hosts: tested, then on one, then on all, and the terminal says so', async () => {
    const commit = await flow.commit('one')
    const { code, told } = await flow.push('http').end
    assert.equal(code, 0, told)
    assert.match(told, /^r1: build, test\nr1 build passed \(.+\)\nr1 test passed \(.+\)\nr1 passed \(.+\)\n/)
    assert.match(told, /\nc1 prepare done: h1, h2, h3 \(.+\)\n/)
    assert.match(told, /\nc1 canary looks no data: no request came in\nc1 canary done: h1 \(.+\)\n/)
    assert.match(told, /\nc1 canary done: .+\n(?:.+\n)?c1 rest done: h2, h3 \(.+\)\n/)
    assert.match(told, /\nc1 done: shop \w{7} is live on 3 of 3 hosts \(.+\)/)
    const { runs, live, changes } = await commitOf(commit)
    assert.equal(await flow.answered(), runs[0]?.release)
    assert.deepEqual(changes, ['c1'])
    assert.deepEqual([live[0]?.environment, live[0]?.release], ['production', runs[0]?.release])
  })

  test('over SSH, under traffic of which nothing fails', async () => {
    traffic = startHammer({ urls: flow.urls, load: quietLoad })
    const commit = await flow.commit('two')
    const { code, told } = await flow.push('ssh').end
    assert.equal(code, 0, told)
    assert.match(told, /\nc2 done: shop \w{7} is live on 3 of 3 hosts \(.+\)\. undo: tandem revert c2$/)
    assert.equal(await flow.answered(), (await commitOf(commit)).runs[0]?.release)
  })

  test('a red build stays out, and who pushed reads its test', async () => {
    const commit = await flow.commit('red')
    const { code, told } = await flow.push('http').end
    // The push itself was well.
    assert.equal(code, 0, told)
    assert.match(told, /\nr3 test failed \(.+\): exit 1\n/)
    assert.match(told, /\n {2}✗ the basket can be paid for: .+\n/)
    assert.match(told, /\nr3 failed \(.+\).*\nshop@production stays as it is$/)
    const { runs, live, changes } = await commitOf(commit)
    assert.deepEqual([runs[0]?.outcome, live, changes], ['failed', [], []])
  })

  test('a broken release is undone on the one host that has it, and that stands at its commit', async () => {
    const before = await flow.answered()
    const commit = await flow.commit('broken', 'errors')
    const { code, told } = await flow.push('ssh').end
    assert.equal(code, 0, told)
    assert.match(told, /\nc3 canary looks harmful: .+\n/)
    assert.match(told, /\nc3 is being undone: .+\n/)
    assert.match(told, /\nc3 failed and was undone: everything is as before \(.+\)$/)
    assert.doesNotMatch(told, /rest done/)
    assert.equal(await flow.answered(), before)
    const { live, changes } = await commitOf(commit)
    assert.deepEqual([live, changes], [[], ['c3']])
    assert.equal((await changeOf('c3')).change.status, 'undone')
  })

  test('a hub that is killed while somebody waits is told by the hook, and goes on when it is back', async () => {
    await flow.commit('three')
    const waiting = flow.push('ssh')
    await until('it is told', () => waiting.told().includes('r5: build, test'))
    await flow.hub.kill()
    const { code, told } = await waiting.end
    assert.equal(code, 0, told)
    assert.match(told, /\nthe hub went away; it goes on with this push when it is back$/)
    await flow.hub.start()
    await until('three is done', async () => await isDone('c4'), limitMs)
  })

  test('who leaves alters nothing but who is told', async () => {
    const commit = await flow.commit('four')
    const waiting = flow.push('http')
    await until('it is told', () => waiting.told().includes('r6: build, test'))
    waiting.interrupt()
    await waiting.end
    await until('nobody waits', () => processesOf(join(flow.stateDir, 'hooks')).length === 0)
    await until('four is done', () => isDone('c5'), limitMs)
    assert.equal(await flow.answered(), (await commitOf(commit)).runs[0]?.release)
  })

  test('and in all this only the broken release itself has failed', async () => {
    const { failures, requests } = await traffic.stop()
    const { runs } = await commitOf((await flow.checkout.must('log', '--format=%H', '--grep=broken')).trim())
    const others = failures.filter(({ release }) => release !== runs[0]?.release)
    assert.ok(requests > 1_000, `only ${requests} requests`)
    assert.deepEqual(others, [])
    assert.match(flow.hub.said, /^(made a key of yours in .*\n)?$/)
  })

  const isDone = async (id: string): Promise<boolean> =>
    (await changeOf(id).catch(() => null))?.change.status === 'done'
})

const quietLoad = {
  get: { perSecond: 60, connections: 6 },
  slow: { perSecond: 3, connections: 3, ms: 300 },
  upload: { perSecond: 3, connections: 3, bytes: 64 * 1024, pieceGapMs: 5 },
  events: { streams: 3 },
  socket: { perSecond: 20, connections: 3 },
} as const
