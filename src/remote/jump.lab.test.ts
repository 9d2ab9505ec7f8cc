import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Lab, openLab } from '../../lab/lab.ts'
import { labNeeds } from '../../lab/needs.ts'
import { TroubleError } from '../change/trouble.ts'
import { program } from './conformance-stage.ts'
import { learnHostKey } from './host-key.ts'
import { type Dial, dialProcess } from './link.ts'
import { openRemote } from './open.ts'
import type { HostAddress, Remote } from './remote.ts'
import { runToEnd } from './run-to-end.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false

describe('a host behind another, by ProxyJump of ~/.ssh/config', { skip, concurrency: 1 }, () => {
  let lab: Lab
  let stateDir: string
  let remote: Remote
  let dial: Dial
  let inner: HostAddress
  before(async () => {
    lab = await openLab({ hosts: 2, init: 'sshd' })
    // Without a space: ssh gives the name of its file to a shell when it starts the one for the jump.
    stateDir = await mkdtemp(join(tmpdir(), 'tandem-jump-'))
    const config = join(stateDir, 'config')
    await writeFile(config, configOf(lab))
    // ssh takes its home from the accounts of this machine, so its file is named to it.
    dial = ([file, ...args], env) => dialProcess([file, '-F', config, ...args], env)
    remote = openRemote({ stateDir, dial, sudoPassword: async () => '' })
    const hostKey = lab.host('h2').hostKey.split(' ').slice(1).join(' ')
    const via = { user: 'root', address: 'inner', port: 22, sudo: 'no', identityFile: lab.keyFile } as const
    inner = { name: 'inner', via: { kind: 'ssh', ...via, hostKey } }
  })
  after(async () => {
    await remote.close()
    await lab.close()
    await rm(stateDir, { recursive: true, force: true })
  })

  const ran = (script: string) => runToEnd(remote.start(inner, program(script)))

  test('is reached through it by a session that stays, and no other way', async () => {
    const peers = 'ss -Htn state established sport = :22 | sed "s/.* //; s/:[0-9]*$//" | sort -u'
    const { lines, ending } = await ran(`hostname; ${peers}`)
    assert.deepEqual(ending, { type: 'exited', code: 0 })
    assert.deepEqual(lines, ['h2', lab.host('h1').address])
    assert.deepEqual((await ran('echo again')).lines, ['again'])
  })

  test('shows its own key, not that of the one before it', async () => {
    const { key } = await learnHostKey('inner', 22, dial)
    assert.equal(key, lab.host('h2').hostKey.split(' ').slice(1, 3).join(' '))
  })

  test('is told as out of reach, and to look at the one before it, when that is gone', async () => {
    await remote.close()
    await lab.host('h1').kill()
    const thrown = await ran('true').then(
      () => assert.fail('it ran'),
      (error: unknown) => error,
    )
    assert.ok(thrown instanceof TroubleError, String(thrown))
    assert.equal(thrown.trouble.lost, true)
    assert.match(thrown.trouble.now, /through another host, see whether that one answers/)
  })
})

function configOf(lab: Lab): string {
  const [outer, inner] = [lab.host('h1'), lab.host('h2')]
  return `Host outer
  HostName ${outer.address}
  User root
  IdentityFile ${lab.keyFile}
  UserKnownHostsFile ${lab.knownHostsFile}
  StrictHostKeyChecking yes
  ConnectTimeout 3
Host inner
  HostName ${inner.address}
  ProxyJump outer
`
}
