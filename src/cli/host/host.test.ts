import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Readable } from 'node:stream'
import { askYes } from '../ask-yes.ts'
import { makeFakeWorld } from '../fake-world.ts'
import { nameFor } from './add.ts'
import { hostTable } from './list.ts'
import { main } from '../main.ts'

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

test('what cannot be a host is refused before anything connects', async (t) => {
  const run = await makeProject(t)
  assert.match((await run('host add 10.0.0.1')).err, /say as whom: 'deploy@10\.0\.0\.1'/)
  assert.match((await run('host add a@127.0.0.1:22')).err, /write port: 22/)
  assert.match((await run('host add a@127.0.0.1 --port 0')).err, /--port 0/)
  assert.match(
    (await run('host add a@127.0.0.1 --port 1')).err,
    /127\.0\.0\.1:1 is in tandem\.ts already: web1/,
  )
  assert.match((await run('host add a@127.0.0.9 --name web1')).err, /there is a host called web1 already/)
  assert.match((await run('host add a@127.0.0.9 --group paris')).err, /there is no group called 'paris'/)
  assert.match((await run('host add a@127.0.0.9 --identity none')).err, /there is no key in none/)
  assert.match((await run('host add a@127.0.0.9 --sudo maybe')).err, /give free or password/)
  assert.match((await run('host add a@127.0.0.9 --port 1 --name new')).err, /refuses the connection/)
})

test('a host is brought up only as a user with a name, and with keys that are public', async (t) => {
  const run = await makeProject(t)
  assert.match((await run('host bootstrap web1 --user root')).err, /--user root/)
  assert.match((await run('host bootstrap web1 --key none')).err, /the key none cannot be read/)
  assert.match((await run('host bootstrap web1 --key tandem.ts')).err, /no public key in tandem\.ts/)
  assert.match((await run('host bootstrap here')).err, /this machine/)
  assert.match((await run('host bootstrap wbe1')).err, /did you mean web1\?/)
})

test('a host that is taken out leaves the others, and what stays on it is told', async (t) => {
  const run = await makeProject(t)
  const { exit, out } = await run('host remove web2')
  assert.equal(exit, 0)
  assert.match(out, /what was done there stays/)
  assert.match((await run('host keys')).out, /^web1 .*$/m)
  assert.doesNotMatch((await run('host keys')).out, /web2/)
  assert.match((await run('host remove web2')).err, /there is no host web2/)
})

test('a host gets the name that it has, as far as that can be a name', () => {
  assert.equal(nameFor('Web-3.example.com'), 'web-3')
  assert.equal(nameFor('my_host'), 'my-host')
  assert.throws(() => nameFor('localhost'), /calls itself 'localhost'/)
})

test('the list says what is known of each host', () => {
  const view = { host: 'web1', address: '10.0.0.1', roles: ['web', 'db'], groups: ['paris'] }
  const world = makeFakeWorld()
  const at = world.now() - 120_000
  const lines = hostTable(
    [
      { ...view, fenced: null, drift: null, applied: null },
      {
        ...view,
        fenced: { by: 'c7', why: 'h2 does not answer', since: at },
        drift: { found: 2, at, away: null },
        applied: { change: 'c3', at, who: 'ada' },
      },
    ],
    world,
  )
  assert.match(lines[1] ?? '', /^web1 +10\.0\.0\.1 +web db +paris +never +not looked at$/)
  assert.match(
    lines[2] ?? '',
    /c3 by ada 2 min ago +2 resources 2 min ago +left behind by c7: h2 does not answer$/,
  )
})

test('a key is pinned when somebody types yes, and only then', async () => {
  const asked = async (typed: string) => {
    const input = Object.assign(Readable.from([typed]), { isTTY: true })
    return askYes(makeFakeWorld({ input }), 'is it so?', 'give --yes')
  }
  assert.equal(await asked('yes\n'), true)
  assert.equal(await asked('no\n'), false)
  assert.equal(await asked(''), false)
  await assert.rejects(
    askYes(makeFakeWorld(), 'is it so?', 'give --yes'),
    /nobody is here to be asked: is it so\?/,
  )
})
