import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Lab, openLab } from '../lab/lab.ts'
import { labNeeds } from '../lab/needs.ts'
import type { Run } from '../src/store/runs.ts'
import { HubProcess } from './lab/hub-process.ts'
import { person } from './lab/project.ts'
import { endProcessesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import { type Checkout, checkoutIn } from './repos/served-hub.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const limitMs = 90_000

describe('a hub that is killed while a job runs on a build host', { skip, timeout: 600_000 }, () => {
  let folder: string
  let lab: Lab
  let hub: HubProcess
  let ada: Checkout

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-build-host-'))
    lab = await openLab({ hosts: 1, packages: ['bubblewrap'], diskBytes: 2 * 1024 ** 3 })
    const host = lab.host('h1')
    const hostKey = host.hostKey.split(' ').slice(1, 3).join(' ')
    const team = {
      people: { [person]: { name: 'Ada', may: 'everything' } },
      hosts: { h1: { address: `root@${host.address}`, roles: [], hostKey, identityFile: host.keyFile } },
      repos: { shop: {} },
      ci: { builders: ['h1'] },
    }
    const text = `import { tandem } from 'tandem'\nexport default tandem(${JSON.stringify(team)})\n`
    await writeFile(join(folder, 'tandem.ts'), text)
    hub = new HubProcess({ folder, stateDir: join(folder, '.tandem') })
    await hub.start()
    ada = await checkoutIn(join(folder, 'ada'), `${hub.url.replace('//', `//x:${hub.token}@`)}/git/shop.git`)
  })
  after(async () => {
    await hub?.stop()
    if (folder !== undefined) endProcessesOf(folder)
    await lab?.close()
    if (folder !== undefined) await rm(folder, { recursive: true, force: true })
  })

  const runOf = async (id: string): Promise<Run> =>
    (await hub.client().call('GET /api/runs/:run', { params: { run: id } })).run

  async function logOf(run: string): Promise<string> {
    const query = { job: 'test', from: '0' }
    const { lines } = await hub.client().call('GET /api/runs/:run/log', { params: { run }, query })
    return lines.map(({ text }) => text).join('\n')
  }

  /** Pushes a job that takes so long, and waits until it has begun at the host. */
  async function begun(seconds: number): Promise<string> {
    const script = `#!/bin/sh\n# tandem: on h1\necho begun; sleep ${seconds}; echo done\n`
    await mkdir(join(ada.dir, 'ci'), { recursive: true })
    await ada.commit(`takes ${seconds} s`, { 'ci/test': script })
    await ada.must('update-index', '--chmod=+x', 'ci/test')
    await ada.must('commit', '--quiet', '--amend', '--no-edit')
    await ada.must('push', '--quiet', '--force', '-o', 'detach', 'tandem', 'HEAD:refs/heads/mine')
    const commit = await ada.must('rev-parse', 'HEAD')
    const runs = async () => (await hub.client().call('GET /api/runs', { query: { commit } })).runs
    await until('there is a run', async () => (await runs()).length > 0)
    const { id } = (await runs())[0] ?? assert.fail()
    await until('it has begun', async () => (await logOf(id)).includes('begun'), limitMs)
    return id
  }

  /** It was run once, from its beginning to its end, whoever looked. */
  async function assertOnce(id: string): Promise<void> {
    await until('the run is over', async () => (await runOf(id)).endedAt !== null, limitMs)
    const run = await runOf(id)
    const [job] = run.jobs
    const how = [run.outcome, job?.outcome, job?.attempt, job?.host]
    assert.deepEqual(how, ['passed', 'passed', 1, 'h1'], `${job?.trouble?.what}: ${await logOf(id)}`)
    const words = (await logOf(id)).split('\n').filter((line) => line === 'begun' || line === 'done')
    assert.deepEqual(words, ['begun', 'done'])
    const left = await lab.host('h1').exec(['sh', '-c', 'pgrep -c bwrap || true'])
    assert.equal(left.stdout.trim(), '0')
  }

  test('takes the job up again when it is back, and nothing is run twice', async () => {
    const id = await begun(15)
    await hub.kill()
    await pause(1_000)
    await hub.start()
    assert.equal((await runOf(id)).endedAt, null)
    await assertOnce(id)
  })

  test('reads how a job has ended that ended while it was away', async () => {
    const id = await begun(4)
    await hub.kill()
    await pause(8_000)
    await hub.start()
    await assertOnce(id)
  })

  test('and killed again and again, still has it run once', async () => {
    const id = await begun(20)
    for (let kills = 0; kills < 4; kills += 1) {
      await hub.kill()
      await hub.start()
      await pause(500)
    }
    await assertOnce(id)
  })
})
