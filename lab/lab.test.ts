import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cleanLeftovers, livingOwner, LOWEST_NUMBER } from './claim.ts'
import { openLab } from './lab.ts'
import type { Lab } from './lab.ts'
import { labNeeds } from './needs.ts'
import { run } from './run.ts'

const needs = labNeeds()
const reason = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const quickSsh = ['-o', 'ConnectTimeout=5']

describe('a lab of three hosts', { skip: reason }, () => {
  let lab: Lab
  before(async () => {
    lab = await openLab({ hosts: 3, diskBytes: 64 * 1024 * 1024 })
  })
  after(async () => {
    await lab.close()
  })

  const ssh = (login: string, command: string) =>
    run(['ssh', '-F', lab.sshConfigFile, ...quickSsh, login, command], { timeoutMs: 20_000 })

  test('every host answers SSH under its own name with its pinned key', async () => {
    const answers = await Promise.all(lab.hosts.map((host) => ssh(host.name, 'hostname')))
    assert.deepEqual(
      answers.map((answer) => answer.stdout.trim()),
      ['h1', 'h2', 'h3'],
    )
    for (const host of lab.hosts)
      assert.ok(readFileSync(lab.knownHostsFile, 'utf8').includes(`${host.hostKey}\n`), host.name)
  })

  test('people log in by key and have the sudo they are meant to have', async () => {
    for (const person of ['deploy', 'cshell', 'fisher', 'chatty']) {
      const { stdout, stderr } = await ssh(`${person}@h1`, 'sudo -n whoami')
      assert.match(stdout, /root\n$/, `${person}: ${stderr}`)
    }
    assert.notEqual((await ssh('typist@h1', 'sudo -n whoami')).code, 0)
    const typed = await ssh('typist@h1', 'echo correct horse | sudo -S -p "" whoami')
    assert.equal(typed.stdout, 'root\n', typed.stderr)
    const junk = await ssh('chatty@h1', 'true')
    assert.match(junk.stdout, /Welcome back/)
    assert.match(junk.stderr, /cannot rehash/)
  })

  test('whoever comes in as root may alter the network of a host, and no other', async () => {
    const alter = 'ip link add spare type veth && ip -br link show spare && ip link del spare'
    const { stdout, stderr } = await ssh('h1', alter)
    assert.match(stdout, /^spare@/, stderr)
    assert.doesNotMatch((await run(['ip', '-br', 'link'])).stdout, /spare/)
  })

  test('hosts know and reach each other, and this machine', async () => {
    const talk = await lab.host('h1').exec(['bash', '-c', 'read -r line < /dev/tcp/h2/22; echo "$line"'])
    assert.match(talk.stdout, /^SSH-2\.0/, talk.stderr)
    const away = await lab.host('h1').exec(['getent', 'hosts', 'gateway'])
    assert.ok(away.stdout.startsWith(lab.gateway))
  })

  test('no unit fails, and haproxy waits until somebody starts it', async () => {
    const state = await lab.host('h2').exec(['systemctl', 'is-system-running', '--wait'])
    assert.equal(state.stdout.trim(), 'running')
    for (const [question, answer] of Object.entries({ 'is-active': 'inactive', 'is-enabled': 'disabled' }))
      assert.equal((await lab.host('h2').exec(['systemctl', question, 'haproxy'])).stdout.trim(), answer)
  })

  test('stopping a unit on one host leaves the same unit of another host running', async () => {
    const sleeper = ['systemd-run', '--quiet', '--unit=sleeper', 'sleep', '1000']
    await Promise.all([lab.host('h1').exec(sleeper), lab.host('h2').exec(sleeper)])
    await lab.host('h1').exec(['systemctl', 'stop', 'sleeper'])
    assert.equal((await lab.host('h2').exec(['systemctl', 'is-active', 'sleeper'])).stdout.trim(), 'active')
    await lab.host('h2').exec(['systemctl', 'stop', 'sleeper'])
  })

  test('a full disk says so, and has room again once emptied', async () => {
    const host = lab.host('h3')
    const write = ['dd', 'if=/dev/zero', 'of=/var/big', 'bs=64k', 'count=64']
    host.fill(1024 * 1024)
    const full = await host.exec(write)
    assert.match(full.stderr, /No space left on device/)
    host.empty()
    assert.equal((await host.exec(write)).code, 0)
    await host.exec(['rm', '/var/big'])
  })

  test('a cut cable swallows packets without a word, and a mended one goes on', async () => {
    const host = lab.host('h3')
    const socket = connect({ host: host.address, port: 22 })
    await once(socket, 'data')
    host.cut()
    socket.write('SSH-2.0-lab-test\r\n')
    const quiet = await Promise.race([once(socket, 'data'), once(socket, 'close'), sleep(300, 'quiet')])
    assert.equal(quiet, 'quiet')
    assert.equal((await host.exec(['hostname'])).stdout, 'h3\n')
    host.mend()
    await once(socket, 'data')
    socket.destroy()
  })

  test('a killed host is gone without a goodbye, keeps its disk, and forgets its memory', async () => {
    const host = lab.host('h2')
    await host.exec(['sh', '-c', 'echo kept > /var/kept; echo lost > /run/lost'])
    const socket = connect({ host: host.address, port: 22 })
    await once(socket, 'data')
    const leader = host.leader()
    const machineId = (await host.exec(['cat', '/etc/machine-id'])).stdout
    await host.kill()
    const quiet = await Promise.race([once(socket, 'close'), sleep(200, 'quiet')])
    socket.destroy()
    assert.equal(quiet, 'quiet')
    assert.equal(isRunning(leader), false)
    assert.throws(() => host.leader(), /switched off/)
    await host.boot()
    assert.equal((await host.exec(['cat', '/var/kept'])).stdout, 'kept\n')
    assert.equal((await host.exec(['test', '-e', '/run/lost'])).code, 1)
    assert.equal((await host.exec(['cat', '/etc/machine-id'])).stdout, machineId)
    assert.equal((await ssh('h2', 'hostname')).stdout, 'h2\n')
  })
})

describe('the life of labs', { skip: reason }, () => {
  // Other tests open labs meanwhile: where they took over a number, what stands there would look like left behind.
  before(() => {
    process.env[LOWEST_NUMBER] = '24'
  })
  after(() => {
    delete process.env[LOWEST_NUMBER]
  })

  test('two labs stand side by side and leave nothing behind', async () => {
    const [one, two] = await Promise.all([openLab({ hosts: 1 }), openLab({ hosts: 1 })])
    assert.notEqual(one.gateway, two.gateway)
    await one.close()
    assert.equal((await two.host('h1').exec(['hostname'])).stdout, 'h1\n')
    await two.close()
    await assertNoTrace(one)
    await assertNoTrace(two)
  })

  test('a lab whose process was killed with -9 dies with it and is cleaned up by the next', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'up', '1'])
    const [hello] = (await once(child.stdout, 'data')) as [Buffer]
    const number = Number(/^lab (\d+)/.exec(hello.toString())?.[1])
    assert.equal(livingOwner(number)?.pid, child.pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal(livingOwner(number), undefined)
    assert.ok(await comesTrue(async () => (await run(['pgrep', '-f', `machine=tl${number}-`])).code === 1))
    await cleanLeftovers()
    await assertNoTrace({ number, folder: `/run/tandem-lab/${number}` })
  })

  test('a signal takes the lab down', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'up', '1'])
    const [hello] = (await once(child.stdout, 'data')) as [Buffer]
    const number = Number(/^lab (\d+)/.exec(hello.toString())?.[1])
    child.kill('SIGTERM')
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    assert.equal(signal, 'SIGTERM')
    await assertNoTrace({ number, folder: `/run/tandem-lab/${number}` })
  })
})

// A killed process stays in the list as a zombie until its parent, which may be any init, takes note of it.
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && !/\) Z /.test(readFileSync(file, 'utf8'))
}

async function comesTrue(claim: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await claim()) return true
    await sleep(50)
  }
  return false
}

async function assertNoTrace({
  number,
  folder,
}: Readonly<{ number: number; folder: string }>): Promise<void> {
  assert.equal(existsSync(folder), false)
  assert.doesNotMatch(readFileSync('/proc/self/mountinfo', 'utf8'), new RegExp(`${folder}/`))
  assert.doesNotMatch((await run(['ip', '-o', 'link'])).stdout, new RegExp(`: tl${number}(h\\d+)?[@:]`))
  assert.doesNotMatch((await run(['ip', 'netns'])).stdout, new RegExp(`^tl${number}-`, 'm'))
  assert.doesNotMatch((await run(['iptables-save'])).stdout, new RegExp(`10\\.77\\.${number}\\.0`))
}
