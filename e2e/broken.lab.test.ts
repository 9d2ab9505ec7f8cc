import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { labNeeds } from '../lab/needs.ts'
import { mustRun } from '../lab/run.ts'
import type { Ran } from './lab/trial.ts'
import { releasesOn } from './lab/host-look.ts'
import { hostsThatGave, pollFronts, type Seen } from './lab/poll.ts'
import { must, openStory, type Story } from './lab/story.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

type Tried = Readonly<{ ran: Ran; seen: readonly Seen[]; release: string }>

describe('a release that is broken', { skip }, () => {
  let story: Story
  let live = ''

  before(async () => {
    story = await openStory({ hosts: 3 })
    await story.hub.start()
    live = await story.deployed()
  })
  after(() => story.close())

  /** Deploys a mode of the sample app while people ask all hosts. */
  const tryMode = async (mode: string): Promise<Tried> => {
    await story.repo.commit({ 'mode.txt': mode })
    const polling = pollFronts(story.lab, story.port)
    const ran = await story.run(['deploy', '--why', mode])
    const seen = await polling.stop()
    const { plan } = await story.change()
    assert.ok(plan !== null, ran.out + ran.err)
    const { release } = plan.outcome as { release: string }
    return { ran, seen, release }
  }

  const undone = async ({ ran }: Tried): Promise<void> => {
    assert.equal(ran.code, 3, ran.out + ran.err)
    assert.match(ran.out, /failed and was undone: everything is as before/)
    assert.equal(await story.answered(), live)
  }
  const unseen = ({ seen, release }: Tried): void => {
    assert.deepEqual(hostsThatGave(seen, release), [])
    assert.deepEqual(
      seen.filter(({ status }) => status !== 200),
      [],
    )
    assert.ok(seen.length > 30, `only ${seen.length} requests were made`)
  }

  test('that crashes at its start is undone, with its last words, and nobody sees it', async () => {
    const tried = await tryMode('crash-at-start')
    await undone(tried)
    unseen(tried)
    assert.match(tried.ran.out, /does not become ready: its main process ended|it ended at once/)
    assert.match(tried.ran.out, /cannot read config: DATABASE_URL is not set/)
  })

  test('that never becomes ready is undone when its time is over', async () => {
    await story.write({ app: { health: { path: '/health', within: '6s' } } })
    const tried = await tryMode('never-ready')
    await undone(tried)
    unseen(tried)
    assert.match(tried.ran.out, /GET \/health answers 503, not 200: starting \(waited 6 s\)/)
  })

  test('that is unhealthy is undone, with what it answered', async () => {
    const tried = await tryMode('unhealthy')
    await undone(tried)
    unseen(tried)
    assert.match(tried.ran.out, /GET \/health answers 500, not 200: database: connection refused/)
  })

  test('that answers people with errors is seen by the watch, on one host, and undone', async () => {
    await story.write({ environment: { watch: '4m' } })
    const tried = await tryMode('errors')
    await undone(tried)
    assert.deepEqual(hostsThatGave(tried.seen, tried.release), ['h1'])
    assert.match(tried.ran.out, /the stage canary did harm: new release: \d+ of \d+ requests failed/)
    assert.ok(tried.ran.ms < 120_000, 'it watched to the end although the harm was plain')
    const others = tried.seen.filter(({ release }) => release !== tried.release)
    assert.deepEqual(
      others.filter(({ status }) => status !== 200),
      [],
    )
  })

  test('is no base of fear: the mended one goes out', async () => {
    await story.write({})
    live = await story.deployed({ 'mode.txt': 'good' })
    const { apps } = await story.status()
    assert.equal(apps[0]?.release, live)
  })

  test('whose build fails is refused with the last lines of the build', async () => {
    await story.write({ app: { build: 'echo compiling; echo "no such module: basket" >&2; exit 4' } })
    const ran = await story.run(['deploy'])
    assert.equal(ran.code, 1)
    assert.match(ran.out, /no such module: basket/)
    assert.match(ran.out, /nothing changed/)
    assert.equal(await story.answered(), live)
  })

  test('whose build hangs is ended with all it started', async () => {
    await story.write({ app: { build: { run: 'sleep 4811 & sleep 4812', limit: '1s' } } })
    const ran = await story.run(['deploy'])
    assert.equal(ran.code, 1)
    assert.match(ran.out, /the build took longer than 1 s and was stopped/)
    // Processes of other stories are seen here as well.
    const left = await mustRun(['ps', '-A', '-o', 'args='])
    assert.doesNotMatch(left, /^sleep 481[12]$/m)
  })

  test('whose build makes nothing is refused, and it says what to set', async () => {
    await story.write({ app: { build: { run: 'true', output: 'dist' } } })
    const ran = await story.run(['deploy'])
    assert.equal(ran.code, 1)
    assert.match(ran.out, /the build made no folder dist/)
    await story.write({})
  })

  test('whose bytes were altered on the hub goes nowhere', async () => {
    await story.repo.commit()
    const planned = must(await story.run(['plan', 'deploy', '--json']))
    const { plan } = JSON.parse(planned.out) as { plan: { outcome: { release: string } } }
    const file = join(story.stateDir, 'releases', `${plan.outcome.release}.tar`)
    const bytes = await readFile(file)
    await writeFile(
      file,
      bytes.map((byte, at) => (at === 700 ? byte ^ 1 : byte)),
    )
    const ran = await story.run(['deploy'])
    assert.equal(ran.code, 3)
    assert.match(ran.out, /the artifact of release [0-9a-f]{7} is damaged/)
    assert.ok(ran.out.includes(file), 'it does not say which file')
    assert.equal(await story.answered(), live)
    await rm(file)
    live = await story.deployed({ 'release.txt': 'built again' })
  })

  test('that finds no room on a host is undone everywhere', async () => {
    const noise = Buffer.from(Array.from({ length: 2_000_000 }, () => Math.floor(Math.random() * 256)))
    await story.repo.commit({ 'large.txt': noise.toString('base64') })
    const host = story.lab.host('h2')
    host.fill(1_000_000)
    const ran = await story.run(['deploy'])
    host.empty()
    assert.equal(ran.code, 3, ran.out)
    assert.match(ran.out, /h2/)
    assert.match(ran.out, /cannot write the release|no room|disk|space/)
    assert.equal(await story.answered(), live)
    await rm(join(story.repo.folder, 'large.txt'))
    live = await story.deployed()
    for (const one of story.lab.hosts) assert.ok((await releasesOn(one)).includes(live))
  })
})
