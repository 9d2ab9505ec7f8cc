import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Lab, openLab } from '../lab/lab.ts'
import { labNeeds } from '../lab/needs.ts'
import { fingerprintOf } from '../src/remote/host-key.ts'
import { begun } from './lab/begun.ts'
import { commandEnvironment, tandem } from './lab/hub-process.ts'
import { person } from './lab/project.ts'
import { must } from './lab/story.ts'
import { endProcessesOf } from './lab/stray-processes.ts'
import type { Ran } from './lab/trial.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

const team = `import { tandem, file } from 'tandem'

export default tandem({
  people: { ${person}: { name: 'Ada', may: 'everything' } },
  hosts: {}, // none yet
  roles: { web: () => file('/etc/motd', { content: 'welcome\\n' }) },
})
`

describe('somebody who has a bare host', { skip }, () => {
  let lab: Lab
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-bring-up-'))
    await writeFile(join(folder, 'tandem.ts'), team)
    lab = await openLab({ hosts: 2 })
    const bare = 'SUDO_FORCE_REMOVE=yes dpkg --purge sudo; ! command -v sudo'
    const { code, stdout, stderr } = await lab.host('h1').exec(['sh', '-c', bare])
    assert.equal(code, 0, stdout + stderr)
  })
  after(async () => {
    endProcessesOf(folder)
    await lab.close()
    await rm(folder, { recursive: true, force: true })
  })

  const run = (...words: string[]): Promise<Ran> => {
    const argv = ['--pdeathsig', 'KILL', tandem, ...words]
    const env = commandEnvironment({ folder })
    const child = spawn('setpriv', argv, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    return begun(words.join(' '), child).ended
  }
  const written = (): Promise<string> => readFile(join(folder, 'tandem.ts'), 'utf8')
  const rootAt = (name: string): string => `root@${lab.host(name).address}`
  const keyOf = (name: string): string => lab.host(name).hostKey.split(' ').slice(1, 3).join(' ')

  test('is shown the fingerprint first, and nothing is written before it was compared', async () => {
    const shown = await run('host', 'add', rootAt('h1'), '--role', 'web', '--identity', lab.keyFile)
    assert.equal(shown.code, 2, shown.err)
    assert.ok(shown.out.includes(fingerprintOf(keyOf('h1'))), shown.out)
    assert.match(shown.err, /compare the fingerprint, then give --yes/)
    assert.equal(await written(), team)
  })

  test('adds it with one command, under the name that it has', async () => {
    const words = ['host', 'add', rootAt('h1'), '--role', 'web', '--identity', lab.keyFile, '--yes']
    const added = must(await run(...words))
    assert.match(added.out, /root logs in there and becomes root: h1, Debian/)
    const text = await written()
    assert.ok(text.includes(`h1: {`) && text.includes(`hostKey: '${keyOf('h1')}'`), text)
    assert.match(text, /}, \/\/ none yet\n/)
    const again = await run(...words)
    assert.match(again.err, /is in tandem\.ts already: h1/)
  })

  test('sees why nobody gets in, and nothing is written', async () => {
    const before = await written()
    const stranger = await run('host', 'add', `stranger@${lab.host('h2').address}`, '--yes')
    assert.equal(stranger.code, 1)
    assert.match(stranger.err, /does not let this user in/)
    assert.equal(await written(), before)
  })

  test('brings it up: a user with the key that logged in, and sudo, all of it in the ledger', async () => {
    const ran = must(await run('host', 'bootstrap', 'h1'))
    assert.match(ran.out, /packages: sudo.* are installed/)
    assert.match(ran.out, /tandem logs in at h1 and becomes root without a password/)
    assert.match(ran.out, /ready: tandem may log in with its key/)
    assert.match(ran.out, /next: tandem plan h1/)
    assert.match(await written(), new RegExp(`address: 'tandem@${lab.host('h1').address}'`))
    const who = must(await run('ssh', 'h1', '--', 'id', '-un'))
    assert.equal(who.out.trim(), 'tandem')
    const log = must(await run('log'))
    assert.match(log.out, /bring up h1 with the user tandem/)
  })

  test('may do it again, which changes nothing', async () => {
    const before = await written()
    const look = ['sh', '-c', 'cat /etc/sudoers.d/* /home/tandem/.ssh/authorized_keys /etc/passwd']
    const { stdout } = await lab.host('h1').exec(look)
    const ran = must(await run('host', 'bootstrap', 'h1'))
    assert.doesNotMatch(ran.out, /was made|was added|was written|installed/)
    assert.equal((await lab.host('h1').exec(look)).stdout, stdout)
    assert.equal(await written(), before)
  })

  test('finds it in the list, and applies its recipe', async () => {
    assert.match(must(await run('host', 'list')).out, /^h1 +10\.\S+ +web +never +not looked at/m)
    must(await run('apply', 'h1'))
    assert.equal((await lab.host('h1').exec(['cat', '/etc/motd'])).stdout, 'welcome\n')
    assert.match(must(await run('host', 'list')).out, /^h1 .* c\d+ by ada /m)
  })

  test('does both in one command, with a key of a colleague', async () => {
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2d grace'
    await writeFile(join(folder, 'grace.pub'), `${key}\n`)
    const from = `deploy@${lab.host('h2').address}`
    const words = ['--key', 'grace.pub', '--key', `${lab.keyFile}.pub`, '--identity', lab.keyFile]
    must(await run('host', 'bootstrap', from, '--user', 'ops', ...words, '--yes'))
    const { stdout } = await lab.host('h2').exec(['cat', '/home/ops/.ssh/authorized_keys'])
    assert.ok(stdout.includes(key), stdout)
    assert.match(await written(), /address: 'ops@/)
  })

  test('takes a key in anew when the host was, and takes the host out at last', async () => {
    const good = await written()
    await writeFile(join(folder, 'tandem.ts'), good.replace(keyOf('h2'), keyOf('h1')))
    const refused = await run('host', 'accept', 'h2')
    assert.equal(refused.code, 2)
    assert.match(refused.out, /another key than tandem\.ts pins/)
    must(await run('host', 'accept', 'h2', '--yes'))
    assert.equal(await written(), good)
    const removed = must(await run('host', 'remove', 'h2'))
    assert.match(removed.out, /what was done there stays/)
    assert.doesNotMatch(await written(), /h2/)
  })
})
