import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'
import { waitingJob } from '../../store/runs.ts'
import { jobsOf } from '../jobs/jobs.ts'
import type { JobWorld } from '../run/ci-world.ts'
import { prepare } from '../run/prepare.ts'
import { askToStop, follow } from '../supervisor/look.ts'
import type { JobEnd } from '../supervisor/order.ts'
import { readLog } from '../supervisor/read-log.ts'
import { openStarter } from '../supervisor/starter.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

type Running = Readonly<{
  folder: string
  log: () => Promise<string>
  says: (text: string) => Promise<void>
  ended: () => Promise<JobEnd | 'gone'>
}>

describe('jobs on build hosts', { skip, concurrency: 1 }, () => {
  let lab: Lab
  let root: string
  let nth = 0
  before(async () => {
    lab = await openLab({ hosts: 2, packages: ['bubblewrap'], diskBytes: 2 * 1024 ** 3 })
    root = mkdtempSync(join(tmpdir(), 'tandem-carry-'))
    execFileSync('git', ['init', '-q', '-b', 'main', join(root, 'repo')])
  })
  after(async () => {
    await lab.close()
    rmSync(root, { recursive: true, force: true })
  })

  const world = (): JobWorld => ({
    stateDir: join(root, 'state'),
    repoDir: () => join(root, 'repo'),
    secretsFor: async () => ({ TOKEN: 'correct horse battery' }),
    isTrusted: async () => true,
    caches: async () => ({ dir: join(root, 'caches'), mostBytes: 1e9 }),
    hidden: [],
    now: Date.now,
  })
  const addressOf = ({ name, address, hostKey, keyFile }: LabHost) => {
    const [, type, key] = hostKey.split(' ')
    const pinned = `${type} ${key}`
    const via = {
      kind: 'ssh',
      user: 'deploy',
      address,
      port: 22,
      identityFile: keyFile,
      sudo: 'free',
    } as const
    return { name, via: { ...via, hostKey: pinned } }
  }

  /** Runs `ci/test` with this text on a host, as the hub does. */
  async function begin(host: LabHost, script: string, patienceMs = 60_000): Promise<Running> {
    const repo = join(root, 'repo')
    const git = (...words: readonly string[]): string =>
      execFileSync('git', ['-C', repo, '-c', 'user.name=a', '-c', 'user.email=a@b', ...words], {
        encoding: 'utf8',
      })
    mkdirSync(join(repo, 'ci'), { recursive: true })
    writeFileSync(join(repo, 'ci/test'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(repo, 'ci/test'), 0o755)
    git('add', '-A')
    git('commit', '-q', '--allow-empty', '-m', 'a change')
    const [commit = '', tree = ''] = git('rev-parse', 'HEAD', 'HEAD^{tree}').trim().split('\n')
    const files = [{ name: 'test', isExecutable: true, head: `#!/bin/sh\n${script}\n` }]
    const [job] = jobsOf({ files, repo: null, config: { repos: {}, apps: {} } })
    assert.ok(job !== undefined)
    const ran = { ...waitingJob(job), host: host.name }
    const run = {
      id: 'r1',
      repo: 'shop',
      commit,
      tree,
      ref: 'refs/heads/main',
      subject: '',
      who: 'a',
      jobs: [ran],
    }
    const rest = {
      door: 'git',
      orderedAt: 0,
      endedAt: null,
      outcome: null,
      supersededBy: null,
      trouble: null,
    } as const
    nth += 1
    const folder = join(root, 'state', 'ci', 'jobs', 'r1', `0.${nth}.1`)
    const attempt = { run: { ...run, ...rest, release: null }, job: ran, spec: job.spec, folder }
    const order = await prepare(world(), {
      ...attempt,
      seat: 0,
      startedAt: Date.now(),
      host: addressOf(host),
    })
    assert.ok(order.carried !== null)
    const starter = openStarter()
    await starter.start({ ...order, carried: { ...order.carried, patienceMs } })
    starter.close()
    const log = async (): Promise<string> =>
      (await readLog(folder, 0)).lines.map(({ text }) => text).join('\n')
    return {
      folder,
      log,
      says: async (text) => {
        for (let tries = 0; tries < 600; tries += 1) {
          if ((await log()).includes(text)) return
          await pause(50)
        }
        assert.fail(`it never said ${text}: ${await log()}`)
      },
      ended: () => follow(folder, () => undefined, AbortSignal.timeout(120_000)),
    }
  }

  test('a job runs there within its walls, as nobody, and leaves nothing', async () => {
    const host = lab.host('h1')
    const job = await begin(
      host,
      '# tandem: output dist\n# tandem: reports r.xml\necho "$TOKEN"; id -u; echo "nice $(nice)"; ls / /root; ls /var/lib/tandem; touch /etc/x; echo "<testsuite/>" > r.xml; exit 5',
    )
    const end = await job.ended()
    const log = await job.log()
    assert.ok(end !== 'gone', log)
    assert.deepEqual([end.why, end.code], ['exited', 5], log)
    assert.match(log, /\n\[secret\]\n19\d{8}\nnice 10\n/)
    assert.match(log, /ls: cannot access '\/root'/)
    assert.match(log, /\/var\/lib\/tandem': No such file/)
    assert.match(log, /touch: cannot touch '\/etc\/x'/)
    assert.equal(readFileSync(join(job.folder, 'work/files/r.xml'), 'utf8'), '<testsuite/>\n')
    const left = 'find /var/lib/tandem/runs -name work -o -name work.tar -o -name env; pgrep -a bwrap'
    assert.equal((await host.exec(['sh', '-c', left])).stdout.trim(), '')
    const told = 'grep -r "correct horse" /var/lib/tandem/runs'
    assert.equal((await host.exec(['sh', '-c', told])).stdout.trim(), '')
  })

  test('a cable that is cut and mended costs no line, and the job is not begun again', async () => {
    const host = lab.host('h1')
    const job = await begin(host, 'for n in $(seq 1 100); do echo "line $n"; sleep 0.1; done; exit 3')
    await job.says('line 20')
    host.cut()
    await pause(6_000)
    host.mend()
    const end = await job.ended()
    assert.ok(end !== 'gone')
    assert.deepEqual([end.why, end.code], ['exited', 3], await job.log())
    const lines = (await job.log()).split('\n').filter((line) => line.startsWith('line '))
    assert.deepEqual(
      lines,
      Array.from({ length: 100 }, (_, at) => `line ${at + 1}`),
    )
  })

  test('a job that is stopped is stopped there, and may tidy up', async () => {
    const host = lab.host('h1')
    const job = await begin(host, `trap 'echo tidied; exit 0' TERM; echo begun; sleep 77 & wait`)
    await job.says('begun')
    await askToStop(job.folder)
    const end = await job.ended()
    assert.ok(end !== 'gone')
    assert.equal(end.why, 'stopped')
    assert.match(await job.log(), /begun\ntidied$/)
    assert.equal((await host.exec(['pgrep', '-f', 'sleep 77'])).stdout, '')
  })

  test('a host that loses its power has lost the job', async () => {
    const host = lab.host('h2')
    const job = await begin(host, 'echo begun; sleep 300', 10_000)
    await job.says('begun')
    await host.kill()
    const end = await job.ended()
    assert.ok(end !== 'gone')
    assert.equal(end.why, 'host lost')
    assert.match(end.said ?? '', /h2 is not heard for 10 s/)
    const late = await (await begin(host, 'echo never', 5_000)).ended()
    assert.ok(late !== 'gone')
    assert.equal(late.why, 'host lost')
  })

  test('a host that was restarted says that it has lost the job', async () => {
    const host = lab.host('h2')
    await host.boot()
    const job = await begin(host, 'echo begun; sleep 300')
    await job.says('begun')
    await host.kill()
    await host.boot()
    const end = await job.ended()
    assert.ok(end !== 'gone')
    assert.equal(end.why, 'host lost')
    assert.match(end.said ?? '', /restarted/)
  })

  test('a host without walls is told of, with what to install', async () => {
    const host = lab.host('h2')
    await host.exec(['rm', '/usr/bin/bwrap'])
    const end = await (await begin(host, 'echo never')).ended()
    assert.ok(end !== 'gone')
    assert.equal(end.why, 'not started')
    assert.match(end.said ?? '', /bwrap is missing on this host: apt-get install bubblewrap/)
  })
})
