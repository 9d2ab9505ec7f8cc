import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { run } from '../lab/run.ts'
import { doorLimits } from '../src/vcs/doors/limits.ts'
import { processesOf } from './lab/stray-processes.ts'
import { until } from './lab/until.ts'
import {
  type Checkout,
  checkoutIn,
  noSandbox,
  type ServedHub,
  serveHub,
  twoPeople,
} from './repos/served-hub.ts'
import { startPush } from './repos/pushing.ts'
import { keyIn, noSshd, type ServedSsh, serveSsh } from './repos/served-ssh.ts'

// One story, told in order.
describe('a repository of the hub, over SSH', { skip: noSshd, timeout: 600_000 }, () => {
  let hub: ServedHub
  let ssh: ServedSsh
  let ada: Checkout
  const at = (name: string) => join(hub.dir, name)
  const placeOf = (nth: number): string => join(hub.stateDir, 'ssh-door/places', `pushes-${nth}`)
  const team = (people: string): Promise<void> =>
    writeFile(
      at('tandem.ts'),
      `import { tandem } from 'tandem'\nexport default tandem({ ${people}, repos: { shop: {} } })\n`,
    )

  before(async () => {
    hub = await serveHub(`${twoPeople}, repos: { shop: {} }`)
    const [adas, eves] = [await keyIn(hub.dir, 'ada'), await keyIn(hub.dir, 'eve')]
    await keyIn(hub.dir, 'mallory')
    await team(
      `people: { ada: { name: 'Ada', may: 'everything', keys: ['${adas}'] }, eve: { name: 'Eve', may: 'look', keys: ['${eves}'] } }`,
    )
    ssh = await serveSsh(hub.dir, hub.stateDir)
    ada = await checkoutIn(at('checkout'), ssh.url('shop'))
    await until('the keys are let in', async () =>
      (await readFile(join(hub.stateDir, 'ssh-door/authorized_keys'), 'utf8')).includes('serve eve look'),
    )
  })
  after(async () => {
    ssh.close()
    await hub.close()
    assert.deepEqual(hub.broken, [])
  })

  test('takes a push through the hooks, and writes down whose it was', async () => {
    const commit = await ada.commit('First basket', { 'a.txt': 'one\n' })
    const pushed = await ssh.gitAs('ada', '-C', ada.dir, 'push', 'tandem', 'main')
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
    const forced = await ssh.gitAs('ada', '-C', ada.dir, 'push', '--force', 'tandem', 'main')
    assert.notEqual(forced.code, 0)
    assert.match(forced.stderr, /refused: main is protected and only grows/)
    const deleted = await ssh.gitAs('ada', '-C', ada.dir, 'push', 'tandem', ':main')
    assert.notEqual(deleted.code, 0)
    assert.match(deleted.stderr, /refused: main is protected: it is not deleted/)
    await ada.must('reset', '--quiet', '--hard', commit)
  })

  test('gives it to who clones, in each version of the protocol', async () => {
    for (const version of ['0', '1', '2']) {
      const asked = ['-c', ['protocol.version', version].join('=')]
      const cloned = await ssh.gitAs(
        'eve',
        ...asked,
        'clone',
        '--quiet',
        ssh.url('shop'),
        at(`clone${version}`),
      )
      assert.equal(cloned.code, 0, cloned.stderr)
      assert.equal(await readFile(at(`clone${version}/a.txt`), 'utf8'), 'one\n')
    }
  })

  test('tells who pushed what becomes of it, and lets go of who has left', { skip: noSandbox }, async () => {
    await mkdir(join(ada.dir, 'ci'))
    await writeFile(join(ada.dir, 'ci/test'), '#!/bin/sh\nif [ -e slow ]; then sleep 60; fi\n', {
      mode: 0o755,
    })
    await ada.commit('A job', {})
    const told = await ssh.gitAs('ada', '-C', ada.dir, 'push', 'tandem', 'main')
    assert.equal(told.code, 0, told.stderr)
    assert.match(told.stderr, /^remote: r2: test *\nremote: r2 test passed \(.+\) *\nremote: r2 passed/m)
    await ada.commit('A slow one', { slow: '' })
    const waiting = startPush(ada.dir, ssh.envAs('ada'))
    await until('it is told', () => waiting.told().includes('r3: test'))
    assert.equal(processesOf(join(hub.stateDir, 'hooks')).length, 1)
    // Who waits has no place among the pushes any more.
    assert.equal((await run(['flock', '--nonblock', placeOf(1), 'true'])).code, 0)
    waiting.interrupt()
    await until('nobody waits any more', () => processesOf(join(hub.stateDir, 'hooks')).length === 0)
    assert.equal((await hub.run('r3'))?.outcome, null)
  })

  test('takes no push of who may only look, and lets nobody in without a key of the team', async () => {
    const looking = await ssh.gitAs('eve', '-C', ada.dir, 'push', ssh.url('shop'), 'main:refs/heads/other')
    assert.notEqual(looking.code, 0)
    assert.match(looking.stderr, /eve may look, not push/)
    const unknown = await ssh.gitAs('mallory', 'ls-remote', ssh.url('shop'))
    assert.notEqual(unknown.code, 0)
    assert.match(unknown.stderr, /Permission denied \(publickey/)
  })

  test('takes as many pushes at a time as the other door, and none that the disk has no room for', async () => {
    const push = () =>
      ssh.gitAs('ada', '-C', ada.dir, 'push', '-o', 'detach', ssh.url('shop'), 'HEAD:refs/heads/other')
    const holders = Array.from({ length: doorLimits.pushes }, (_, nth) =>
      spawn('flock', ['--no-fork', placeOf(nth + 1), 'sh', '-c', 'echo taken; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    )
    await Promise.all(holders.map((holder) => once(holder.stdout, 'data')))
    const many = await push()
    assert.notEqual(many.code, 0)
    assert.match(many.stderr, /refused: 8 pushes are at work here already/)
    for (const holder of holders) holder.kill()
    await Promise.all(holders.map((holder) => once(holder, 'exit')))
    const door = join(hub.stateDir, 'ssh-door/door')
    const said = await readFile(door, 'utf8')
    await writeFile(door, said.replace(/^limit-of shop room \d+$/m, `limit-of shop room ${2 ** 53}`))
    const full = await push()
    assert.notEqual(full.code, 0)
    assert.match(full.stderr, /refused: the disk of the hub is too full to take a push/)
    await writeFile(door, said)
    assert.equal((await push()).code, 0)
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
      const said = await run([...ssh.sshAs('ada'), ssh.address, ...(asked === '' ? [] : [asked])])
      assert.equal(said.code, 1, asked)
      assert.match(said.stderr, /ada may use git here, and nothing else/, asked)
    }
    const sftp = await run([...ssh.sshAs('ada'), '-s', ssh.address, 'sftp'])
    // Nobody hears what a subsystem complains about: it ends without a word of its protocol.
    assert.deepEqual([sftp.code, sftp.stdout], [1, ''])
    const missing = await ssh.gitAs('ada', 'ls-remote', ssh.url('nothing'))
    assert.match(missing.stderr, /no repository called nothing/)
    const forwarded = await run([...ssh.sshAs('ada'), '-W', '127.0.0.1:1', ssh.address])
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
      assert.match(
        (await ssh.gitAs(person, 'ls-remote', ssh.url('shop'))).stderr,
        /Permission denied \(publickey/,
      )
  })
})
