import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({ people: { ada: { name: 'Ada', may: 'everything' }, ivan: { name: 'Ivan', may: 'look' } } })
`

async function makeHub(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-hub-'))
  await writeFile(join(dir, 'tandem.ts'), config)
  const parts = { cwd: dir, home: dir, now: Date.now }
  const hub = makeFakeWorld(parts)
  const ended = main(['hub', '--port', '0', '--json'], hub)
  const stop = async () => {
    hub.interrupt()
    await ended
  }
  t.after(async () => {
    await stop()
    await rm(dir, { recursive: true, force: true })
  })
  for (let i = 0; i < 500 && hub.outs.length === 0; i += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual(hub.errs, [])
  const { url } = JSON.parse(hub.outs[0] ?? '{}')
  const run = async (line: string, more: Parameters<typeof makeFakeWorld>[0] = {}) => {
    const world = makeFakeWorld({ ...parts, ...more })
    const exit = await main(line.split(' '), world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  return { dir, url: String(url), run, stop, ended }
}

test('commands on the machine of a hub find it by themselves, and the project again when it has ended', async (t) => {
  const { dir, run, stop, ended } = await makeHub(t)
  const file = join(dir, '.tandem', 'hub.json')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const startedAt = async () => JSON.parse((await run('status --json')).out).hub.startedAt
  const first = await startedAt()
  assert.equal(await startedAt(), first)
  const second = await run('hub')
  assert.equal(second.exit, 2)
  assert.match(second.err, /a hub runs on this project already/)
  await stop()
  assert.equal(await ended, 0)
  assert.equal(existsSync(file), false)
  assert.notEqual(await startedAt(), first)
})

test('a hub that died left its file behind, which misleads nobody', async (t) => {
  const { dir, run, stop } = await makeHub(t)
  await stop()
  await writeFile(
    join(dir, '.tandem', 'hub.json'),
    JSON.stringify({ url: 'http://127.0.0.1:9', pid: process.pid }),
  )
  assert.equal((await run('status')).exit, 0)
})

test('a person whom the running hub has not met on this machine gets a token of their own', async (t) => {
  const { run } = await makeHub(t)
  const listed = await run('token list --json', { user: 'ivan' })
  assert.deepEqual(
    JSON.parse(listed.out).tokens.map(({ person }: { person: string }) => person),
    ['ivan'],
  )
})

test('a login is tried before it is kept, and a logout forgets it', async (t) => {
  const { url, run } = await makeHub(t)
  const elsewhere = { cwd: tmpdir() }
  const wrong = await run(`login ${url}`, { ...elsewhere, typed: 'tdm_wrong\n' })
  assert.equal(wrong.exit, 1)
  assert.match(wrong.err, /nobody has this token/)
  const { secret } = JSON.parse((await run('token new ivan --json')).out)
  const login = await run(`login ${url}`, { ...elsewhere, typed: `${secret}\n` })
  assert.equal(login.exit, 0, login.err)
  assert.match(login.out, /you are ivan, who may look/)
  assert.equal((await run('status', elsewhere)).exit, 0)
  assert.equal((await run(`logout ${url}`, elsewhere)).exit, 0)
  assert.equal((await run('status', elsewhere)).exit, 1)
})
