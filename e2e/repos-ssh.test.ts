import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Outcome, run } from '../lab/run.ts'
import { until } from './lab/until.ts'
import { type Checkout, checkoutIn, gitEnv, type ServedHub, serveHub, twoPeople } from './repos/served-hub.ts'

const sshd = '/usr/sbin/sshd'
const skip = existsSync(sshd) ? false : 'no sshd on this machine (apt-get install openssh-server)'

// One story, told in order.
describe('a repository of the hub, over SSH', { skip, timeout: 120_000 }, () => {
  let hub: ServedHub
  let daemon: ChildProcess
  let port = 0
  let ada: Checkout
  const at = (name: string) => join(hub.dir, name)
  const key = async (name: string): Promise<string> => {
    await run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', `${name} "x" command`, '-f', at(name)])
    return (await readFile(at(`${name}.pub`), 'utf8')).trim()
  }
  const sshAs = (person: string): readonly string[] => {
    const settings = [
      'IdentitiesOnly=yes',
      'BatchMode=yes',
      `UserKnownHostsFile=${at('known')}`,
      'StrictHostKeyChecking=accept-new',
      'SendEnv=GIT_PROTOCOL',
    ].flatMap((one) => ['-o', one])
    return ['ssh', '-F', '/dev/null', '-p', String(port), '-i', at(person), ...settings]
  }
  const address = `${userInfo().username}@127.0.0.1`
  const gitAs = (person: string, ...args: string[]): Promise<Outcome> =>
    run(['git', ...args], { env: { ...gitEnv, GIT_SSH_COMMAND: sshAs(person).join(' ') } })
  const url = (repo: string): string => `ssh://${address}:${port}/${repo}.git`
  const team = (people: string): Promise<void> =>
    writeFile(
      at('tandem.ts'),
      `import { tandem } from 'tandem'\nexport default tandem({ ${people}, repos: { shop: {} } })\n`,
    )

  before(async () => {
    hub = await serveHub(`${twoPeople}, repos: { shop: {} }`)
    const [adas, eves] = [await key('ada'), await key('eve')]
    await key('host')
    await key('mallory')
    await team(
      `people: { ada: { name: 'Ada', may: 'everything', keys: ['${adas}'] }, eve: { name: 'Eve', may: 'look', keys: ['${eves}'] } }`,
    )
    port = await freePort()
    daemon = await startSshd(hub, port)
    ada = await checkoutIn(at('checkout'), url('shop'))
    await until('the keys are let in', async () =>
      (await readFile(join(hub.stateDir, 'ssh-door/authorized_keys'), 'utf8')).includes('serve eve look'),
    )
    await until(
      'sshd listens',
      async () => !(await run([...sshAs('ada'), address])).stderr.includes('refused]'),
    )
  })
  after(async () => {
    daemon.kill()
    await hub.close()
    assert.deepEqual(hub.broken, [])
  })

  test('takes a push through the hooks, and writes down whose it was', async () => {
    const commit = await ada.commit('First basket', { 'a.txt': 'one\n' })
    const pushed = await gitAs('ada', '-C', ada.dir, 'push', 'tandem', 'main')
    assert.equal(pushed.code, 0, pushed.stderr)
    await until('the push is in the ledger', async () =>
      (await hub.asides('shop')).some((aside) => aside.type === 'pushed'),
    )
    const told = (await hub.asides('shop')).find((aside) => aside.type === 'pushed')
    assert.ok(told?.type === 'pushed')
    assert.deepEqual([told.who, told.to, told.ref], ['ada', commit, 'refs/heads/main'])
    await ada.commit('Rewritten', {})
    await ada.must('commit', '--quiet', '--amend', '--allow-empty', '--message', 'Other')
    await ada.must('reset', '--quiet', '--hard', 'HEAD~1')
    await ada.must('commit', '--quiet', '--amend', '--message', 'Not the first basket')
    const forced = await gitAs('ada', '-C', ada.dir, 'push', '--force', 'tandem', 'main')
    assert.notEqual(forced.code, 0)
    assert.match(forced.stderr, /refused: /)
  })

  test('gives it to who clones, in each version of the protocol', async () => {
    for (const version of ['0', '1', '2']) {
      const asked = ['-c', ['protocol.version', version].join('=')]
      const cloned = await gitAs('eve', ...asked, 'clone', '--quiet', url('shop'), at(`clone${version}`))
      assert.equal(cloned.code, 0, cloned.stderr)
      assert.equal(await readFile(at(`clone${version}/a.txt`), 'utf8'), 'one\n')
    }
  })

  test('takes no push of who may only look, and lets nobody in without a key of the team', async () => {
    const looking = await gitAs('eve', '-C', ada.dir, 'push', url('shop'), 'main:refs/heads/other')
    assert.notEqual(looking.code, 0)
    assert.match(looking.stderr, /eve may look, not push/)
    const unknown = await gitAs('mallory', 'ls-remote', url('shop'))
    assert.notEqual(unknown.code, 0)
    assert.match(unknown.stderr, /Permission denied \(publickey/)
  })

  test('runs no shell, no other program, and leads to no other place', async () => {
    const mark = at('mark')
    for (const asked of [
      '',
      `touch ${mark}`,
      `git-upload-pack 'shop.git'; touch ${mark}`,
      `git-upload-pack 'shop.git' '--x'`,
      `git-upload-pack '--upload-pack=touch ${mark}'`,
      `git-upload-pack '../repos/shop.git'`,
      `git-upload-pack '${hub.stateDir}/repos/shop.git'`,
      `git-upload-pack 'shop.git\n'`,
      `git-upload-archive 'shop.git'`,
      `git-receive-pack $(touch ${mark})`,
      `scp -t ${mark}`,
    ]) {
      const said = await run([...sshAs('ada'), address, ...(asked === '' ? [] : [asked])])
      assert.equal(said.code, 1, asked)
      assert.match(said.stderr, /ada may use git here, and nothing else/, asked)
    }
    const sftp = await run([...sshAs('ada'), '-s', address, 'sftp'])
    // Nobody hears what a subsystem complains about: it ends without a word of its protocol.
    assert.deepEqual([sftp.code, sftp.stdout], [1, ''])
    const missing = await gitAs('ada', 'ls-remote', url('nothing'))
    assert.match(missing.stderr, /no repository called nothing/)
    const forwarded = await run([...sshAs('ada'), '-W', '127.0.0.1:1', address])
    assert.match(forwarded.stderr, /administratively prohibited|forwarding/)
    assert.ok(!existsSync(mark))
  })

  test('closes for who was taken out of the team, while the hub runs', async () => {
    await team(`people: { eve: { name: 'Eve', may: 'look' } }`)
    await until(
      'nobody has a key any more',
      async () => (await readFile(join(hub.stateDir, 'ssh-door/authorized_keys'), 'utf8')) === '',
    )
    for (const person of ['ada', 'eve'])
      assert.match((await gitAs(person, 'ls-remote', url('shop'))).stderr, /Permission denied \(publickey/)
  })
})

/** The piece that the hub writes, in a configuration that only makes it reachable from a folder for tests. */
async function startSshd({ dir, stateDir }: ServedHub, port: number): Promise<ChildProcess> {
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const lines = [
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    `HostKey ${join(dir, 'host')}`,
    'PidFile none',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    // Folders for tests lie where everybody may write.
    'StrictModes no',
    `Include ${join(stateDir, 'ssh-door/sshd.conf')}`,
  ]
  await writeFile(join(dir, 'sshd_config'), `${lines.join('\n')}\n`)
  return spawn(sshd, ['-D', '-e', '-f', join(dir, 'sshd_config')], { stdio: 'ignore' })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const found = server.address()
      server.close(() => resolve(typeof found === 'object' && found !== null ? found.port : 0))
    })
  })
}
