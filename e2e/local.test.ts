import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startHammer } from '../lab/hammer.ts'
import { makeSampleRepo } from '../lab/sample-repo.ts'
import type { EnvironmentWish } from '../src/config/wish.ts'
import { slotPorts } from '../src/deploy/deployment.ts'
import { type Clone, cloneForNobody } from './demo/clone.ts'
import { type Begun, begun } from './lab/begun.ts'
import { freePort } from './lab/free-port.ts'
import { must, textOf } from './lab/story.ts'
import { endProcessesOf } from './lab/stray-processes.ts'
import type { Ran } from './lab/trial.ts'
import { until } from './lab/until.ts'

/** So long that Ctrl-C falls into it, and that nobody waits for its end. */
const slowStart = { SLOW_START_MS: '25000' }

// One story, told in order: each test goes on where the one before has left off.
describe('one machine and no rights', { timeout: 600_000 }, () => {
  let clone: Clone
  let folder: string
  let port: number
  const lived: string[] = []

  before(async () => {
    clone = cloneForNobody()
    folder = join(dirname(clone.root), 'team')
    await makeSampleRepo({ folder: join(folder, 'shop'), files: 20, bytes: 64 * 1024 })
    if ('uid' in clone.user) execFileSync('chown', ['-R', `${clone.user.uid}:${clone.user.gid}`, folder])
    port = await freePort()
    await write({})
  })
  after(() => {
    endProcessesOf(dirname(clone.root))
    clone.remove()
  })

  const write = async (environment: Partial<EnvironmentWish>): Promise<void> => {
    const text = textOf({
      people: { ada: { name: 'Ada', may: 'everything' } },
      hosts: { here: { via: 'local' } },
      apps: {
        shop: {
          repo: './shop',
          run: 'exec node app.js',
          port,
          health: '/health',
          env: slowStart,
          environments: { production: { on: ['here'], watch: '0s', drain: '2s', ...environment } },
        },
      },
    })
    await writeFile(join(folder, 'tandem.ts'), text)
  }

  const begin = (words: readonly string[]): Begun => {
    const env = { ...clone.env, TANDEM_PERSON: 'ada' }
    const argv = ['--pdeathsig', 'KILL', join(clone.root, 'bin/tandem'), ...words]
    const child = spawn('setpriv', argv, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'], ...clone.user })
    return begun(words.join(' '), child)
  }
  const run = (...words: readonly string[]): Promise<Ran> => begin(words).ended

  const commit = async (files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'shop', name), text)
    const git = (...words: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@shop.test', ...words], {
        cwd: join(folder, 'shop'),
        env: clone.env,
        ...clone.user,
      })
    git('add', '--all')
    git('commit', '--quiet', '--allow-empty', '--message', JSON.stringify(files))
  }
  const deployed = async (text: string): Promise<void> => {
    await commit({ 'mode.txt': 'good', 'release.txt': text })
    must(await run('deploy'))
    lived.push(await answered())
  }

  const answered = async (): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    assert.equal(answer.status, 200)
    return answer.headers.get('x-release') ?? ''
  }
  /** The users of the processes of the app, of which each release has one. */
  const apps = (): readonly string[] =>
    processes()
      .filter(({ words }) => words.startsWith('node\0app.js\0'))
      .map(({ uid }) => uid)
  const processes = () =>
    readdirSync('/proc').flatMap((pid) => {
      try {
        const [words, status, environment] = ['cmdline', 'status', 'environ'].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'utf8'),
        )
        const isOurs =
          environment?.includes(`PORT=${slotPorts(port).a}`) ||
          environment?.includes(`PORT=${slotPorts(port).b}`)
        return isOurs ? [{ words: words ?? '', uid: /^Uid:\s+(\d+)/m.exec(status ?? '')?.[1] ?? '' }] : []
      } catch {
        // No process, or one that has ended.
        return []
      }
    })

  test('are enough for a first deploy', async () => {
    must(await run('deploy'))
    lived.push(await answered())
    assert.deepEqual(apps(), [String('uid' in clone.user ? clone.user.uid : process.getuid?.())])
  })

  test('no request fails while releases come, go back, and turn out to be broken', async () => {
    const hammer = startHammer({
      urls: [`http://127.0.0.1:${port}`],
      load: {
        get: { perSecond: 150, connections: 6 },
        slow: { perSecond: 10, connections: 6, ms: 200 },
        upload: { perSecond: 4, connections: 2, bytes: 64 * 1024, pieceGapMs: 5 },
        events: { streams: 4 },
        socket: { perSecond: 40, connections: 4 },
      },
    })
    await deployed('two')
    await deployed('three')
    must(await run('revert'))
    assert.equal(await answered(), lived[1])
    must(await run('revert'))
    assert.equal(await answered(), lived[0])
    await commit({ 'mode.txt': 'crash-at-start' })
    const broken = await run('deploy')
    assert.equal(broken.code, 3, broken.out)
    assert.match(broken.out, /cannot read config: DATABASE_URL is not set/)
    const { requests, failed, failures, byRelease } = await hammer.stop()
    assert.equal(failed, 0, JSON.stringify(failures.slice(0, 10)))
    assert.ok(requests > 500, `only ${requests} requests were made`)
    assert.deepEqual(Object.keys(byRelease).toSorted(), lived.toSorted())
  })

  test('Ctrl-C while the new release starts undoes it, and nothing of it goes on', async () => {
    await commit({ 'mode.txt': 'slow-start' })
    const deploy = begin(['deploy'])
    await deploy.until(/files are here|prepare begins/)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    deploy.signal('SIGINT')
    const { code, out } = await deploy.ended
    assert.equal(code, 3, out)
    assert.match(out, /stopped by ada/)
    assert.equal(await answered(), lived[0])
    assert.equal(apps().length, 1)
  })

  test('a release that answers people with errors goes back by itself', async () => {
    await write({ watch: '4m' })
    await commit({ 'mode.txt': 'errors' })
    const asking = setInterval(() => void fetch(`http://127.0.0.1:${port}/`).catch(() => {}), 20)
    const { code, out, ms } = await run('deploy')
    clearInterval(asking)
    assert.equal(code, 3, out)
    assert.match(out, /did harm: new release: \d+ of \d+ requests failed/)
    assert.ok(ms < 120_000, `it took ${ms} ms to see`)
    assert.equal(await answered(), lived[0])
  })

  test('after kill -9 of the command it goes back by itself, and the next command ends the change', async () => {
    await write({ watch: '4m' })
    await commit({ 'mode.txt': 'good', 'release.txt': 'four' })
    const deploy = begin(['deploy'])
    await deploy.until(/switch done/)
    assert.notEqual(await answered(), lived[0])
    deploy.signal('SIGKILL')
    await until('it goes back by itself', async () => (await answered()) === lived[0], 60_000)
    await write({})
    must(await run('deploy'))
    const { changes } = JSON.parse((await run('log', '--json', '--limit', '2')).out) as {
      changes: readonly { status: string }[]
    }
    assert.deepEqual(
      changes.map(({ status }) => status),
      ['done', 'undone'],
    )
  })

  test('the release before ends when its warm time is over', async () => {
    await write({ warm: '1s' })
    await deployed('five')
    await until('one process is left', () => apps().length === 1)
    assert.equal(await answered(), lived.at(-1))
  })
})
