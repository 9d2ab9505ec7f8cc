import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { labNeeds } from '../lab/needs.ts'
import type { Begun } from './lab/begun.ts'
import { must, openStory, type Story } from './lab/story.ts'
import { until } from './lab/until.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

/** So long that a fault falls into it, and that nobody waits for its end. */
const longWatch = { environment: { watch: '3m' } } as const
/** What tells that the canary has the traffic and is being watched. */
const canaryIsLive = /h1 +switch done/

describe('a deploy that is disturbed', { skip }, () => {
  let story: Story
  let live = ''
  let nth = 0

  before(async () => {
    story = await openStory({ hosts: 3, app: { env: { SLOW_START_MS: '25000' } } })
    live = await story.deployed()
  })
  after(() => story.close())
  beforeEach(async () => {
    await story.repo.commit({ 'mode.txt': 'good', 'release.txt': `${(nth += 1)}` })
    if (!story.hub.isRunning) await story.hub.start()
    live = await story.answered()
  })
  afterEach(async () => {
    if (story.hub.said !== '') console.error(`the hub said: ${story.hub.said}`)
    await story.write({})
  })

  const answersAre = async (release: string): Promise<boolean> =>
    (await story.answers()).every((one) => one.status === 200 && one.release === release)

  const undone = async (deploy: Begun, said: RegExp): Promise<void> => {
    const { code, out, err } = await deploy.ended
    assert.equal(code, 3, out + err)
    assert.match(out, said)
    assert.equal(await story.answered(), live)
  }

  test('by another one: the second waits in line, sees for whom and why, and both are done in order', async () => {
    await story.write({ environment: { watch: '5s' } })
    const first = story.begin(['deploy', '--why', 'the summer sale'])
    await first.until(/stage prepare/)
    await story.repo.commit()
    const second = story.begin(['deploy', '--why', 'a typo'])
    await second.until(/waits for/)
    assert.match(second.said(), /waits for shop@production: ada holds it with c\d+ \(the summer sale\)/)
    must(await first.ended)
    must(await second.ended)
    const { entries } = await story.change()
    const [one] = JSON.parse((await story.run(['log', '--json', '--limit', '2'])).out).changes.slice(-1)
    const leased = entries.find(({ type }) => type === 'leased')
    assert.ok(leased !== undefined && leased.at >= one.endedAt)
    live = await story.answered()
  })

  test('by Ctrl-C while it prepares is undone', async () => {
    await story.repo.commit({ 'mode.txt': 'slow-start' })
    const deploy = story.begin(['deploy'])
    await deploy.until(/h3 +prepare begins/)
    await pause(1_000)
    deploy.signal('SIGINT')
    await undone(deploy, /stopped by ada/)
    assert.ok((await deploy.ended).ms < 30_000)
  })

  test('by Ctrl-C while its canary is watched is undone', async () => {
    await story.write(longWatch)
    const deploy = story.begin(['deploy'])
    await deploy.until(canaryIsLive)
    deploy.signal('SIGINT')
    await undone(deploy, /stopped by ada/)
  })

  test('by Ctrl-C while it waits is withdrawn, and the one before it goes on', async () => {
    await story.write({ environment: { watch: '5s' } })
    const first = story.begin(['deploy'])
    await first.until(/stage prepare/)
    const second = story.begin(['deploy'])
    await second.until(/waits for/)
    second.signal('SIGINT')
    const { code, out } = await second.ended
    assert.equal(code, 1)
    assert.match(out, /was withdrawn: nothing changed/)
    must(await first.ended)
    live = await story.answered()
  })

  test('by kill -9 of the hub is undone by the next hub, and the command hears of it', async () => {
    await story.write(longWatch)
    const deploy = story.begin(['deploy'])
    await deploy.until(canaryIsLive)
    await story.hub.kill()
    await deploy.until(/connection to the hub lost/)
    const began = performance.now()
    await story.hub.start()
    await undone(deploy, /the process that ran it is gone/)
    assert.ok(performance.now() - began < 60_000)
  })

  test('by kill -9 of a command without a hub: hosts go back by themselves, the next command ends it', async () => {
    await story.hub.stop()
    await story.write(longWatch)
    const deploy = story.begin(['deploy'])
    await deploy.until(canaryIsLive)
    assert.ok(!(await answersAre(live)), 'the canary has no traffic yet')
    deploy.signal('SIGKILL')
    await deploy.ended
    await until('the canary goes back by itself', () => answersAre(live), 60_000)
    await story.write({})
    must(await story.run(['deploy']))
    live = await story.answered()
    const log = JSON.parse((await story.run(['log', '--json', '--limit', '2'])).out)
    assert.deepEqual(
      log.changes.map(({ status }: { status: string }) => status),
      ['done', 'undone'],
    )
  })

  const healed = (): Promise<void> =>
    until(
      'every host is healed',
      async () => (await story.status()).hosts.every(({ fenced }) => fenced === null),
      120_000,
    )

  test('by a loss of power is undone, and the host is fenced and healed when it returns', async () => {
    await story.write(longWatch)
    const deploy = story.begin(['deploy'])
    await deploy.until(canaryIsLive)
    await story.lab.host('h1').kill()
    const { code, out } = await deploy.ended
    assert.equal(code, 3, out)
    assert.match(out, /h1 fell silent while its new release was watched/)
    const { hosts } = await story.status()
    assert.deepEqual(
      hosts.flatMap(({ host, fenced }) => (fenced === null ? [] : [host])),
      ['h1'],
    )
    assert.match((await story.run(['status'])).out, /h1 was left behind by c\d+/)
    await story.lab.host('h1').boot()
    await healed()
    assert.equal(await story.answered(), live)
  })

  test('by a cable that is cut for a moment is undone, also behind the cable', async () => {
    await story.write(longWatch)
    const deploy = story.begin(['deploy'])
    await deploy.until(canaryIsLive)
    story.lab.host('h1').cut()
    await deploy.until(/is being undone: h1 fell silent/)
    story.lab.host('h1').mend()
    await undone(deploy, /h1 fell silent/)
    await healed()
  })

  test('by a host that is away from the beginning leaves that one out, says so, and heals it later', async () => {
    await story.lab.host('h3').kill()
    const ran = await story.run(['deploy'])
    assert.equal(ran.code, 0, ran.out)
    assert.match(ran.out, /is live on 2 of 3 hosts/)
    assert.match(ran.out, /h3 was left behind and is healed when it returns/)
    await story.lab.host('h3').boot()
    await healed()
    assert.notEqual(await story.answered(), live)
    live = await story.answered()
  })

  test('is as it was after a host was switched off and on', async () => {
    await story.hub.stop()
    const host = story.lab.host('h2')
    await host.kill()
    await host.boot()
    await until('the app is back by itself', () => answersAre(live))
    assert.equal(await story.answered(), live)
  })
})
