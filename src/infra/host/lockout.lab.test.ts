import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'
import { openRemote } from '../../remote/open.ts'
import type { Remote } from '../../remote/remote.ts'
import type { Op } from '../plan/op.ts'
import { confirmProgramOf } from './confirm.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { addressOf, lookFrom, programFor, sendTo } from './try-host.ts'
import { shaOf, tryOp, tryWrite } from './try-op.ts'
import { undoProgramOf } from './undo-program.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const mark = 'c0ffee05'
const conf = '/etc/ssh/sshd_config.d/wrong.conf'
const locked = 'AllowUsers nobody-at-all\n'
const reload = { type: 'reload', unit: 'ssh.service' } as const
const ops: readonly Op[] = [
  tryOp(1, tryWrite(conf, locked, { type: 'missing' }), { owes: [reload], lockout: 'sshd' }),
  tryOp(2, { type: 'pay', debt: reload }),
]

describe('a change that may lock us out', { skip, concurrency: 4 }, () => {
  let lab: Lab
  let stateDir: string
  let remote: Remote
  let scripts: HostScripts
  before(async () => {
    lab = await openLab({ hosts: 4 })
    stateDir = mkdtempSync(join(tmpdir(), 'tandem lockout '))
    remote = openRemote({ stateDir, sudoPassword: async () => '' })
    scripts = await readHostScripts()
  })
  after(async () => {
    await remote.close()
    await lab.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  const asks = async (host: LabHost, script: string): Promise<string> =>
    (await host.exec(['sh', '-c', script])).stdout.trim()
  const leftovers = (host: LabHost) =>
    asks(
      host,
      `ls ${conf} /etc/systemd/system/tandem-take-back.service /etc/systemd/system/multi-user.target.wants/tandem-* 2>/dev/null; systemctl is-active tandem-take-back; ls /var/lib/tandem/owed; true`,
    )
  const begin = (host: LabHost, change: string) => {
    const bytes = new Map([[shaOf(locked), Buffer.from(locked)]])
    const parts = { scripts, bytes, passwords: new Map(), reveal: (text: string) => text, mark, change }
    return remote.start(addressOf(host), programFor(programOf(ops, parts)))
  }
  const untilAsked = async (run: ReturnType<typeof begin>): Promise<AsyncIterator<string>> => {
    const lines = run.lines[Symbol.asyncIterator]()
    for (;;) {
      const { done, value } = await lines.next()
      if (done === true) assert.fail('it ended without asking to be confirmed')
      if (value === `@${mark} confirm ${mark}`) return lines
    }
  }
  const restOf = async (lines: AsyncIterator<string>): Promise<readonly string[]> => {
    const rest: string[] = []
    for (;;) {
      const { done, value } = await lines.next()
      if (done === true) return rest
      rest.push(value)
    }
  }
  const until = async (host: LabHost, script: string, limitMs: number): Promise<void> => {
    const deadline = Date.now() + limitMs
    while ((await asks(host, `${script} && echo yes`)) !== 'yes') {
      assert.ok(Date.now() < deadline, `not within ${limitMs} ms: ${script}`)
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
  }

  test('stays when it is confirmed, and only by the right word', async () => {
    const host = lab.host('h1')
    const run = begin(host, 'c1')
    const lines = await untilAsked(run)
    // The door is really shut for everybody who is not in yet.
    const other = openRemote({ stateDir: join(stateDir, 'other'), sudoPassword: async () => '' })
    await assert.rejects(lookFrom(other, host, { script: ':' }))
    await other.close()
    const wrong = await lookFrom(remote, host, { script: confirmProgramOf('c1', 'beef') })
    assert.deepEqual(wrong.ending, { type: 'exited', code: 1 })
    assert.deepEqual((await lookFrom(remote, host, { script: confirmProgramOf('c1', mark) })).ending, {
      type: 'exited',
      code: 0,
    })
    await restOf(lines)
    assert.deepEqual(await run.ending, { type: 'exited', code: 0 })
    assert.equal(await leftovers(host), `${conf}\ninactive`)
    const undone = await sendTo(remote, host, undoProgramOf(ops, { scripts, mark, change: 'c1' }))
    assert.deepEqual(undone.ending, { type: 'exited', code: 0 }, undone.lines.join('\n'))
    assert.equal(await leftovers(host), 'inactive')
  })

  test('is taken back after half a minute when nobody confirms it', async () => {
    const host = lab.host('h2')
    const run = begin(host, 'c2')
    const rest = await restOf(await untilAsked(run))
    assert.deepEqual(await run.ending, { type: 'exited', code: 1 })
    assert.match(rest.join('\n'), /trouble no new connection reached this host within 30 s/)
    assert.equal(await leftovers(host), 'inactive')
    assert.deepEqual((await lookFrom(remote, host, { script: 'echo in' })).lines, ['in'])
    assert.deepEqual(
      (await sendTo(remote, host, undoProgramOf(ops, { scripts, mark, change: 'c2' }))).ending,
      { type: 'exited', code: 0 },
    )
  })

  test('is taken back half a minute after its program is killed', async () => {
    const host = lab.host('h3')
    const run = begin(host, 'c3')
    await untilAsked(run)
    await host.exec([
      'sh',
      '-c',
      'read -r token pid rest </var/lib/tandem/lease/infra/holder; pkill -KILL -s "$pid"',
    ])
    await until(host, `[ ! -e ${conf} ]`, 90_000)
    await run.ending
    await until(host, '! systemctl is-active -q tandem-take-back', 60_000)
    assert.equal(await leftovers(host), 'inactive')
  })

  test('is taken back when the host loses its power', async () => {
    const host = lab.host('h4')
    await untilAsked(begin(host, 'c4'))
    await host.kill()
    await host.boot()
    await until(host, `[ ! -e ${conf} ]`, 60_000)
    await until(host, '! systemctl is-active -q tandem-take-back', 60_000)
    assert.equal(await leftovers(host), 'inactive')
  })
})
