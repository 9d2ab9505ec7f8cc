import assert from 'node:assert/strict'
import { type ChildProcess, execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { makeFakeWorld } from './fake-world.ts'
import { main } from './main.ts'

const config = `import { tandem } from 'tandem'
export default tandem({
  people: { ada: { name: 'Ada', may: 'everything' }, ivan: { name: 'Ivan', may: 'look' } },
  hosts: { local: { via: 'local' } },
  apps: { shop: { run: { web: 'sleep 600' } } },
})
`

async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-cli-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  const git = (...argv: readonly string[]) =>
    promisify(execFile)('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@shop.test', ...argv], {
      cwd: dir,
    })
  await writeFile(join(dir, 'tandem.ts'), config)
  await writeFile(join(dir, '.gitignore'), '.tandem/\n')
  await git('init', '-q')
  await git('add', '-A')
  await git('commit', '-q', '-m', 'Begin')
  const run = async (line: string, parts: Parameters<typeof makeFakeWorld>[0] = {}) => {
    const world = makeFakeWorld({ cwd: dir, home: dir, user: 'ada', now: Date.now, ...parts })
    const exit = await main(line.split(' '), world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  return { dir, run }
}

test('without a hub the project itself answers, also from a folder below it, and the token is for its owner only', async (t) => {
  const { dir, run } = await makeProject(t)
  const { exit, out, err } = await run('status --json', { cwd: join(dir, '.git') })
  assert.equal(exit, 0, err)
  const status = JSON.parse(out)
  assert.equal(status.apps[0].target, 'shop@production')
  const token = join(dir, '.tandem', 'local-token')
  assert.equal((await stat(token)).mode & 0o777, 0o600)
  const before = await readFile(token, 'utf8')
  assert.match(JSON.parse(before).ada, /^tdm_/)
  assert.equal((await run('log')).out, 'no changes yet: `tandem deploy` makes the first')
  assert.equal(await readFile(token, 'utf8'), before)
})

test('tandem.ts is evaluated once by a command, however many ask for it', async (t) => {
  const { dir, run } = await makeProject(t)
  const started: ChildProcess[] = []
  const note = (message: unknown) => {
    started.push((message as Readonly<{ process: ChildProcess }>).process)
  }
  subscribe('child_process', note)
  t.after(() => unsubscribe('child_process', note))
  for (const line of ['status', 'plan revert c9']) {
    started.length = 0
    await run(line)
    const evaluating = started.filter(({ spawnargs }) => spawnargs.includes(`--allow-fs-read=${dir}`))
    assert.equal(evaluating.length, 1, line)
  }
})

test('who is not of the team is told so, and may say who they are', async (t) => {
  const { run } = await makeProject(t)
  const stranger = await run('status', { user: 'eve' })
  assert.equal(stranger.exit, 1)
  assert.match(stranger.err, /eve is not in `people` of tandem\.ts[\s\S]*TANDEM_PERSON=NAME/)
  const ivan = await run('token new ada', { user: 'eve', env: { TANDEM_PERSON: 'ivan' } })
  assert.equal(ivan.exit, 1)
  assert.match(ivan.err, /ivan may look, not change/)
})

test('a mistake in tandem.ts is told before anybody is called a stranger', async (t) => {
  const { dir, run } = await makeProject(t)
  const file = join(dir, 'tandem.ts')
  await writeFile(file, (await readFile(file, 'utf8')).replace('people:', 'peple:'))
  const { exit, err } = await run('status')
  assert.equal(exit, 2)
  assert.match(err, /did you mean 'people'\?/)
  assert.doesNotMatch(err, /is not in/)
})

test('an order that cannot be is wrong usage, and changes nothing', async (t) => {
  const { run } = await makeProject(t)
  const { exit, err } = await run('deploy shp')
  assert.equal(exit, 2)
  assert.match(err, /did you mean 'shop'\?/)
  assert.equal((await run('revert')).exit, 1)
  assert.equal((await run('show c1')).exit, 1)
  assert.deepEqual(JSON.parse((await run('log --json')).out), { changes: [] })
})

test('the ledger is walked in-process as it is over the network', async (t) => {
  const { run } = await makeProject(t)
  assert.deepEqual(JSON.parse((await run('verify --json')).out).bad, null)
  assert.match((await run('verify')).out, /0 entries/)
})

test('tokens are made, listed and revoked without a hub', async (t) => {
  const { run } = await makeProject(t)
  const made = JSON.parse((await run('token new ivan --label phone --days 2 --json')).out)
  assert.equal(made.token.person, 'ivan')
  const listed = await run('token list')
  assert.match(listed.out, new RegExp(`${made.token.id} +ivan +phone`))
  assert.equal((await run(`token revoke ${made.token.id}`)).exit, 0)
  assert.equal((await run(`token revoke ${made.token.id}`)).exit, 1)
  const nobody = await run('token new eve')
  assert.match(nobody.err, /eve is not of the team/)
})

test('outside a project and without a login it says what to do', async () => {
  const world = makeFakeWorld({ cwd: tmpdir(), home: '/nowhere' })
  assert.equal(await main(['status'], world), 1)
  assert.match(world.errs.join('\n'), /tandem init.*tandem login/)
})
