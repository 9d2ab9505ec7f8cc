import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { makeFakeWorld } from './fake-world.ts'
import { main } from './main.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2d'
const config = `import { tandem } from 'tandem'
export default tandem({
  hosts: {
    here: { via: 'local' },
    web1: { address: 'deploy@127.0.0.1', port: 1, hostKey: '${key}' },
    web2: { address: 'deploy@127.0.0.1', port: 1 },
  },
})
`

async function makeProject(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-host-'))
  t.after(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'tandem.ts'), config)
  return async (line: string) => {
    const world = makeFakeWorld({ cwd: dir })
    const exit = await main(line.split(' '), world)
    return { exit, out: world.outs.join('\n'), err: world.errs.join('\n') }
  }
}

test('keys that are pinned and keys that are not are told apart', async (t) => {
  const run = await makeProject(t)
  const { exit, out, err } = await run('host keys')
  assert.equal(exit, 0, err)
  assert.match(out, /^here +this machine$/m)
  assert.match(out, /^web1 +pinned +ssh-ed25519 /m)
  assert.match(out, /^web2 +not accepted +tandem host accept web2$/m)
  assert.equal(JSON.parse((await run('host keys --json')).out).hosts[1].key, key)
})

test('only a host of tandem.ts that is reached by SSH has a key to accept', async (t) => {
  const run = await makeProject(t)
  assert.match((await run('host accept wbe1')).err, /did you mean web1\?/)
  assert.match((await run('host accept here')).err, /this machine/)
  assert.equal((await run('host accept')).exit, 2)
})

test('a host that does not answer is a trouble with its name, and no key is printed', async (t) => {
  const run = await makeProject(t)
  const { exit, out, err } = await run('host accept web2')
  assert.equal(exit, 1)
  assert.equal(out, '')
  assert.match(err, /web2|127\.0\.0\.1|ssh/)
})
