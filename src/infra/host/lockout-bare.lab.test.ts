import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'
import { openRemote } from '../../remote/open.ts'
import type { Remote } from '../../remote/remote.ts'
import type { Op } from '../plan/op.ts'
import { shScript } from '../things/make.ts'
import type { Debt } from '../things/thing.ts'
import { confirmProgramOf } from './confirm.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { addressOf, lookFrom, programFor, sendTo } from './try-host.ts'
import { shaOf, tryOp, tryWrite } from './try-op.ts'
import { undoProgramOf } from './undo-program.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const mark = 'c0ffee09'
const conf = '/etc/ssh/sshd_config.d/wrong.conf'
const locked = 'AllowUsers nobody-at-all\n'
const reread = shScript('exec kill -HUP 1', [])
const reload: Debt = { type: 'command', name: 'sshd reads its settings', script: reread }
const ops: readonly Op[] = [
  tryOp(1, tryWrite(conf, locked, { type: 'missing' }), { owes: [reload], lockout: 'sshd' }),
  tryOp(2, { type: 'pay', debt: reload }),
]

describe('a change that may lock us out of a host without systemd', { skip, concurrency: 3 }, () => {
  let lab: Lab
  let stateDir: string
  let remote: Remote
  let scripts: HostScripts
  before(async () => {
    lab = await openLab({ hosts: 3, init: 'sshd' })
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
  const begin = (host: LabHost, change: string) => {
    const bytes = new Map([[shaOf(locked), Buffer.from(locked)]])
    const parts = { scripts, bytes, passwords: new Map(), reveal: (text: string) => text, mark, change }
    return remote.start(addressOf(host), programFor(programOf(ops, parts)))
  }
  type Run = ReturnType<typeof begin>
  const untilAsked = async (run: Run): Promise<void> => {
    for await (const line of run.lines) if (line === `@${mark} confirm ${mark}`) return
    assert.fail('it ended without asking to be confirmed')
  }
  const isLocked = async (host: LabHost): Promise<boolean> => {
    const other = openRemote({ stateDir: join(stateDir, 'other'), sudoPassword: async () => '' })
    const came = await lookFrom(other, host, { script: ':' }).catch(() => null)
    await other.close()
    return came === null
  }
  /** Until there is no watcher any more, and of what it watched what is said. */
  const untilLeft = async (host: LabHost, left: string): Promise<void> => {
    const deadline = Date.now() + 120_000
    for (;;) {
      const found = await asks(host, `ls ${conf}; pgrep -f [t]ake-back`)
      if (found === left) return
      assert.ok(Date.now() < deadline, `there is still: ${found}`)
      await pause(300)
    }
  }
  const untilOpen = async (host: LabHost): Promise<void> => {
    await untilLeft(host, '')
    assert.equal(await isLocked(host), false)
  }

  test('stays when it is confirmed, and no watcher is left', async () => {
    const host = lab.host('h1')
    const run = begin(host, 'c1')
    await untilAsked(run)
    assert.equal(await isLocked(host), true)
    await lookFrom(remote, host, { script: confirmProgramOf('c1', mark) })
    assert.deepEqual(await run.ending, { type: 'exited', code: 0 })
    await untilLeft(host, conf)
    await sendTo(remote, host, undoProgramOf(ops, { scripts, mark, change: 'c1' }))
    await untilOpen(host)
  })

  test('is taken back after half a minute when nobody confirms it', async () => {
    const host = lab.host('h2')
    const run = begin(host, 'c2')
    await untilAsked(run)
    assert.deepEqual(await run.ending, { type: 'exited', code: 1 })
    await untilOpen(host)
  })

  test('is taken back half a minute after its program is killed', async () => {
    const host = lab.host('h3')
    const run = begin(host, 'c3')
    await untilAsked(run)
    await asks(host, 'read -r token pid rest </var/lib/tandem/lease/infra/holder; pkill -KILL -s "$pid"')
    assert.equal(await isLocked(host), true)
    await untilOpen(host)
    await run.ending
  })
})
