import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeFakeWorld } from './fake-world.ts'
import { main } from './main.ts'

async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-secret-'))
  t.after(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'tandem.ts'), '')
  const run = async (line: string, parts: Parameters<typeof makeFakeWorld>[0] = {}) => {
    const world = makeFakeWorld({ cwd: dir, home: join(dir, 'home'), ...parts })
    const exit = await main(line.split(' '), world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
  return { dir, run }
}

test('the first secret of a project makes a key for its owner, and is shown by name only', async (t) => {
  const { dir, run } = await makeProject(t)
  const set = await run('secret set DATABASE_URL', { typed: 'postgres://canary-value\n' })
  assert.equal(set.exit, 0, set.err)
  const shown = set.out + set.err + (await run('secret list')).out
  assert.doesNotMatch(shown, /canary-value/)
  assert.equal((await run('secret list')).out, 'DATABASE_URL')
  const identity = join(dir, 'home', '.config', 'tandem', 'identity')
  assert.equal((await stat(identity)).mode & 0o777, 0o600)
  assert.doesNotMatch(await readFile(join(dir, 'secrets', 'production.env.age'), 'utf8'), /canary-value/)
  const { out: key } = await run('secret key')
  assert.match(await readFile(join(dir, 'secrets', 'recipients'), 'utf8'), new RegExp(`^${key} # ada$`, 'm'))
})

test('environments are apart, and a secret can be taken out again', async (t) => {
  const { run } = await makeProject(t)
  await run('secret set A', { typed: '1' })
  await run('secret set B --in staging', { typed: '2' })
  assert.deepEqual(JSON.parse((await run('secret list --in staging --json')).out), { names: ['B'] })
  assert.equal((await run('secret remove B --in staging')).exit, 0)
  assert.equal((await run('secret list --in staging')).out, 'no secrets for staging')
  assert.equal((await run('secret remove B --in staging')).exit, 1)
  assert.equal((await run('secret list')).out, 'A')
})

test('somebody without a line in secrets/recipients can neither read nor write, and is told the line', async (t) => {
  const { run, dir } = await makeProject(t)
  await run('secret set A', { typed: '1' })
  const eve = { home: join(dir, 'eve'), user: 'eve' }
  assert.equal((await run('secret list', eve)).exit, 1)
  const refused = await run('secret set B', { ...eve, typed: '2' })
  assert.equal(refused.exit, 1)
  assert.match(refused.err, /add this line: age1/)
})

test('a value on the command line is refused: others could read it there', async (t) => {
  const { run } = await makeProject(t)
  assert.equal((await run('secret set A value')).exit, 2)
  assert.equal((await run('secret')).exit, 2)
  assert.equal((await run('secret list A')).exit, 2)
})
