import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isAside } from '../src/change/occurrence.ts'
import { openStore } from '../src/store/open.ts'
import { repoDir } from '../src/vcs/repository.ts'
import { makeUpkeep } from '../src/vcs/upkeep/upkeep.ts'
import { run } from '../lab/run.ts'
import { HubProcess } from './lab/hub-process.ts'
import { person } from './lab/project.ts'
import { endProcessesOf, processesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import { checkoutIn, gitEnv } from './repos/served-hub.ts'

const kills = 8
const stepMs = 60
const hourMs = 3_600_000

test(
  'a hub that is killed in the middle of a push has taken it whole or not at all, and tells it once when it is back',
  { timeout: 300_000 },
  async () => {
    const { folder, stateDir } = await project()
    const hub = new HubProcess({ folder, stateDir })
    const bare = repoDir(stateDir, 'shop')
    const headOf = async () =>
      (await run(['git', '-C', bare, 'rev-parse', 'main'], { env: gitEnv })).stdout.trim()
    const told = async (): Promise<readonly (string | null)[]> => {
      const store = await openStore(stateDir)
      try {
        const written = await store.ledger.since(0, 10_000)
        return written.flatMap((one) => (isAside(one) && one.type === 'pushed' ? [one.to] : []))
      } finally {
        await store.close()
      }
    }
    try {
      await hub.start()
      const remote = `${hub.url.replace('//', `//x:${await tokenIn(stateDir)}@`)}/git/shop.git`
      const ada = await checkoutIn(join(folder, 'ada'), remote)
      const taken: string[] = []
      for (let nth = 0; nth < kills; nth += 1) {
        const before = await headOf()
        const commit = await ada.commit(`Number ${nth}`, { 'noise.bin': randomBytes(8 * 1024 * 1024) })
        const pushing = spawn('git', ['-C', ada.dir, 'push', '--quiet', '-o', 'detach', 'tandem', 'main'], {
          env: gitEnv,
          stdio: 'ignore',
        })
        const gone = once(pushing, 'exit')
        await pause(nth * stepMs)
        await hub.kill()
        await gone
        await hub.start()
        const now = await headOf()
        assert.ok(now === commit || now === before, `${now} is neither the old head nor the new one`)
        if (now !== commit) await ada.must('push', '--quiet', '-o', 'detach', 'tandem', 'main')
        taken.push(commit)
        const sound = await run(['git', '-C', bare, 'fsck', '--connectivity-only'], { env: gitEnv })
        assert.equal(sound.code, 0, sound.stderr)
      }
      await until('every push is in the ledger', async () => (await told()).length === kills, 120_000)
      assert.deepEqual(await told(), taken)
      // Git leaves its quarantine where it was when nobody hears it any more.
      const broken: unknown[] = []
      const later = {
        stateDir,
        now: () => Date.now() + 4 * hourMs,
        needed: async () => new Set<string>(),
        broke: (thrown: unknown) => broken.push(thrown),
      }
      await makeUpkeep(later).tidy(new Map([['shop', { forge: null }]]))
      assert.deepEqual(
        (await readdir(join(bare, 'objects'))).filter((name) => name.startsWith('tmp')),
        [],
      )
      assert.deepEqual(broken, [])
    } finally {
      await hub.stop()
      endProcessesOf(folder)
      await rm(folder, { recursive: true, force: true })
    }
  },
)

test('git does not wait for ever for a push whose hub was killed before its bytes came', async () => {
  const { folder, stateDir } = await project()
  const hub = new HubProcess({ folder, stateDir })
  try {
    await hub.start()
    const login = Buffer.from(`x:${await tokenIn(stateDir)}`).toString('base64')
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      [
        'POST /git/shop.git/git-receive-pack HTTP/1.1',
        'host: hub',
        `authorization: Basic ${login}`,
        'content-type: application/x-git-receive-pack-request',
        'content-length: 466',
        '',
        '',
      ].join('\r\n'),
    )
    const git = () => processesOf(join(stateDir, 'repos')).length
    await until('git waits for the bytes', async () => git() > 0)
    await hub.kill()
    socket.destroy()
    await until('git has ended', async () => git() === 0)
  } finally {
    await hub.stop()
    endProcessesOf(folder)
    await rm(folder, { recursive: true, force: true })
  }
})

async function project(): Promise<Readonly<{ folder: string; stateDir: string }>> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-killed-'))
  const team = { people: { [person]: { name: 'Ada', may: 'everything' } }, repos: { shop: {} } }
  const text = `import { tandem } from 'tandem'\nexport default tandem(${JSON.stringify(team)})\n`
  await writeFile(join(folder, 'tandem.ts'), text)
  return { folder, stateDir: join(folder, '.tandem') }
}

async function tokenIn(stateDir: string): Promise<string> {
  const tokens: unknown = JSON.parse(await readFile(join(stateDir, 'local-token'), 'utf8'))
  return (tokens as Readonly<Record<string, string>>)[person] ?? ''
}
