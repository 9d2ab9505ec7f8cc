import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeFakeWorld } from '../fake-world.ts'
import { main } from '../main.ts'

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

/** An editor: a script that gets the file as its last word. */
async function editorIn(dir: string, script: string): Promise<Readonly<Record<string, string>>> {
  await writeFile(join(dir, 'editor.sh'), script)
  await mkdir(join(dir, 'memory'), { recursive: true })
  return { EDITOR: `sh ${join(dir, 'editor.sh')}`, XDG_RUNTIME_DIR: join(dir, 'memory') }
}

test('secrets are edited as a text that only its owner can read, and that is gone afterwards', async (t) => {
  const { dir, run } = await makeProject(t)
  await run('secret set A', { typed: '1' })
  await run('secret set B', { typed: 'two' })
  const env = await editorIn(
    dir,
    `stat -c %a "$1" >${dir}/mode; sed -i -e 's/^A=1/A=canary-9/' -e '/^B=/d' "$1"; printf 'K<<END\\nx\\ny\\nEND\\n' >>"$1"`,
  )
  const edited = await run('secret edit', { env })
  assert.equal(edited.exit, 0, edited.err)
  assert.match(edited.out, /^set: A, K; gone: B for production/)
  assert.doesNotMatch(edited.out + edited.err, /canary-9/)
  assert.equal(await readFile(join(dir, 'mode'), 'utf8'), '600\n')
  assert.deepEqual(await readdir(join(dir, 'memory')), [])
  const looked = await run('secret edit', { env: await editorIn(dir, `grep -v '^#' "$1" >${dir}/seen`) })
  assert.match(looked.out, /nothing was altered/)
  assert.match(await readFile(join(dir, 'seen'), 'utf8'), /A=canary-9\nK<<END\nx\ny\nEND\n/)
})

test('an editor that fails, and a text with a mistake, alter nothing and leave nothing behind', async (t) => {
  const { dir, run } = await makeProject(t)
  await run('secret set A --in infra', { typed: '1' })
  const failed = await run('secret edit --in infra', { env: await editorIn(dir, 'echo B=2 >>"$1"; exit 3') })
  assert.equal(failed.exit, 1)
  assert.match(failed.err, /the editor sh ended with 3: nothing was altered/)
  const wrong = await run('secret edit --in infra', { env: await editorIn(dir, 'echo canary words >>"$1"') })
  assert.equal(wrong.exit, 1)
  assert.match(wrong.err, /is neither NAME=value/)
  assert.doesNotMatch(wrong.err, /canary/)
  assert.deepEqual(await readdir(join(dir, 'memory')), [])
  assert.equal((await run('secret list --in infra')).out, 'A')
})

test('a new value says who has to hear of it', async (t) => {
  const { dir, run } = await makeProject(t)
  const team = `import { tandem, file, secret } from 'tandem'
export default tandem({
  hosts: { here: { via: 'local', roles: ['web'] } },
  apps: { shop: { run: 'x', secrets: ['DB'] } },
  roles: { web: () => file('/etc/token', { content: secret('TOKEN') }) },
})
`
  await writeFile(join(dir, 'tandem.ts'), team)
  await run('secret set DB', { typed: '1' })
  await run('secret set LONE', { typed: '1' })
  await run('secret set TOKEN --in infra', { typed: '1' })
  const db = await run('secret rotate DB', { typed: '2' })
  assert.match(db.out, /used by shop on here\nnext: tandem deploy shop --to production/)
  assert.match(
    (await run('secret rotate TOKEN --in infra', { typed: '2' })).out,
    /used by tandem\.ts:5\nnext: tandem apply/,
  )
  assert.match((await run('secret rotate LONE', { typed: '2' })).out, /nobody uses it/)
  assert.match((await run('secret rotate LONE', { typed: '2' })).err, /has already/)
  assert.match((await run('secret rotate NONE', { typed: '2' })).err, /there are: DB, LONE/)
})

test('people come and go, and the secrets of all environments with them', async (t) => {
  const { dir, run } = await makeProject(t)
  await run('secret set A', { typed: '1' })
  await run('secret set B --in infra', { typed: '2' })
  const eve = { home: join(dir, 'eve'), user: 'eve' }
  const { out: key } = await run('secret key', eve)
  assert.equal((await run('secret list --in infra', eve)).exit, 1)
  const added = await run(`secret add-person eve ${key}`)
  assert.match(added.out, /^eve can read the secrets of infra, production; commit/, added.err)
  assert.equal((await run('secret list --in infra', eve)).out, 'B')
  assert.match((await run(`secret add-person eve ${key}`)).err, /this key is there already/)
  assert.match((await run(`secret add-person eva ${key.slice(0, 20)}`)).err, /is no recipient/)
  const misspelt = key.slice(0, -1) + (key.endsWith('q') ? 'p' : 'q')
  const before = await readFile(join(dir, 'secrets', 'recipients'), 'utf8')
  assert.match((await run(`secret add-person eva ${misspelt}`)).err, /is misspelt/)
  assert.equal(await readFile(join(dir, 'secrets', 'recipients'), 'utf8'), before)
  assert.match((await run('secret remove-person ada')).err, /your own key/)
  const removed = await run('secret remove-person eve')
  assert.match(removed.out, /what they have read they know/, removed.err)
  assert.equal((await run('secret list --in infra', eve)).exit, 1)
  assert.equal((await run('secret list --in infra')).out, 'B')
  assert.match((await run('secret remove-person eve')).err, /nobody called eve[^]*known: ada/)
  assert.deepEqual(JSON.parse((await run('secret seal --json')).out), { sealed: ['infra', 'production'] })
  assert.equal((await run('secret list --in ../x')).exit, 2)
})
