import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type TestContext, test } from 'node:test'

const launcher = fileURLToPath(new URL('../../bin/tandem', import.meta.url))

/** A folder with our launcher in it, and nodes that only say who they are and what they were given. */
async function makeHouse(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem launcher '))
  t.after(() => rm(dir, { recursive: true }))
  const root = join(dir, 'node_modules', 'tandem')
  await mkdir(join(root, 'bin'), { recursive: true })
  await cp(launcher, join(root, 'bin', 'tandem'))
  const node = async (folder: string, version: string) => {
    await mkdir(join(folder, 'bin'), { recursive: true })
    await writeFile(join(folder, 'package.json'), `{\n  "name": "node",\n  "version": "${version}"\n}\n`)
    const says = `#!/bin/sh\n[ "$1" = --version ] && echo v${version} && exit\n[ "$1" = --max-semi-space-size=4 ] && [ "$2" = --disable-warning=ExperimentalWarning ] && shift 2\necho "${version} $*"\n`
    await writeFile(join(folder, 'bin', 'node'), says)
    await chmod(join(folder, 'bin', 'node'), 0o755)
    return join(folder, 'bin')
  }
  const run = (path: string, at = join(root, 'bin', 'tandem'), ...argv: readonly string[]) =>
    new Promise<{ exit: unknown; out: string; err: string }>((resolve) => {
      const env = { PATH: `${path}:/usr/bin:/bin`, HOME: dir }
      execFile(at, argv, { env, cwd: dir }, (error, out, err) =>
        resolve({ exit: error === null ? 0 : error.code, out: out.trim(), err }),
      )
    })
  return { dir, root, node, run }
}

test('the node that came along is taken before that of the machine, ours before one that was hoisted', async (t) => {
  const { dir, root, node, run } = await makeHouse(t)
  const path = await node(join(dir, 'path'), '26.1.0')
  assert.equal((await run(path)).out, `26.1.0 ${root}/dist/bin.js`)
  await node(join(dir, 'node_modules', 'node'), '24.0.0')
  assert.equal((await run(path)).out, `24.0.0 ${root}/dist/bin.js`)
  await node(join(root, 'node_modules', 'node'), '25.0.0')
  assert.equal((await run(path)).out, `25.0.0 ${root}/dist/bin.js`)
})

test('a node that is too old is passed by, wherever it lies, and with none left it says what to do', async (t) => {
  const { dir, root, node, run } = await makeHouse(t)
  await node(join(root, 'node_modules', 'node'), '20.20.2')
  const old = await node(join(dir, 'old'), '20.20.2')
  const refused = await run(old)
  assert.equal(refused.exit, 1)
  assert.match(refused.err, /needs Node 24 or newer, and finds 20\.20\.2/)
  assert.match((await run(await node(join(dir, 'new'), '24.1.0'))).out, /^24\.1\.0 /)
})

test('it finds itself through links, and hands every word on as it is', async (t) => {
  const { dir, root, node, run } = await makeHouse(t)
  const path = await node(join(dir, 'path'), '24.1.0')
  await mkdir(join(dir, 'a b'))
  await symlink('../node_modules/tandem/bin/tandem', join(dir, 'a b', 'first'))
  await symlink(join(dir, 'a b', 'first'), join(dir, 'second'))
  const { out } = await run(path, join(dir, 'second'), 'deploy', '--why', 'two  words')
  assert.equal(out, `24.1.0 ${root}/dist/bin.js deploy --why two  words`)
})

test('the source is run where there is source', async (t) => {
  const { dir, root, node, run } = await makeHouse(t)
  const path = await node(join(dir, 'path'), '24.1.0')
  await mkdir(join(root, 'src'))
  await writeFile(join(root, 'src', 'bin.ts'), '')
  assert.equal((await run(path)).out, `24.1.0 ${root}/src/bin.ts`)
})
