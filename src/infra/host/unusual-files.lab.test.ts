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
import type { Op, PathState } from '../plan/op.ts'
import { planRevert } from '../plan/plan-revert.ts'
import { digestOf, seenWith } from '../plan/try-plan.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { sendTo } from './try-host.ts'
import { shaOf, tryOp, tryWrite } from './try-op.ts'
import { undoProgramOf } from './undo-program.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const mark = 'c0ffee07'

describe('files with access lists and extended attributes', { skip, concurrency: 1 }, () => {
  let lab: Lab
  let host: LabHost
  let stateDir: string
  let remote: Remote
  let scripts: HostScripts
  before(async () => {
    lab = await openLab({ hosts: 1 })
    host = lab.host('h1')
    stateDir = mkdtempSync(join(tmpdir(), 'tandem unusual '))
    remote = openRemote({ stateDir, sudoPassword: async () => '' })
    scripts = await readHostScripts()
    await asks('apt-get -q update && apt-get -q -y install acl attr')
  })
  after(async () => {
    await remote.close()
    await lab.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  const asks = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await host.exec(['sh', '-euc', script])
    assert.equal(code, 0, stderr + stdout)
    return stdout.trim()
  }
  const send = async (program: ReturnType<typeof programOf>) => {
    const { lines, ending } = await sendTo(remote, host, program)
    assert.deepEqual(ending, { type: 'exited', code: 0 }, lines.join('\n'))
  }
  const apply = (change: string, ops: readonly Op[]) => {
    const bytes = new Map([[shaOf(fresh), Buffer.from(fresh)]])
    const parts = { scripts, bytes, passwords: new Map(), reveal: (text: string) => text, mark, change }
    return send(programOf(ops, parts))
  }
  const undo = (change: string, ops: readonly Op[]) => send(undoProgramOf(ops, { scripts, mark, change }))
  const back = (change: string, ops: readonly Op[]) =>
    planRevert({ host: 'h1', change, ops, seen: seenWith({}), digestOf, isForced: false }).ops
  const look = (...paths: readonly string[]) =>
    asks(
      `getfacl -p ${paths.join(' ')}; getfattr --absolute-names -d -m- ${paths.join(' ')}; cat ${paths[0]}`,
    )

  const fresh = 'new\n'
  const old: PathState = { type: 'file', sha256: shaOf('old\n'), mode: 0o664, owner: 'root', group: 'root' }
  const make = `rm -rf /srv/x; mkdir -p /srv/x; echo old >/srv/x/f; chmod 644 /srv/x/f
    setfacl -m u:deploy:rw /srv/x/f; setfattr -n user.note -v hello /srv/x/f; setfattr -n trusted.sum -v 1 /srv/x/f
    setfacl -m d:u:typist:rx /srv/x; setfattr -n user.folder -v yes /srv/x`
  const f = '/srv/x/f'

  test('keep them when their bytes are replaced, and have them again when that is undone or reverted', async () => {
    await asks(make)
    const before = await look(f)
    const write = tryWrite(f, fresh, old)
    assert.equal(write.type, 'write')
    const ops = [tryOp(1, { ...write, after: { ...write.after, mode: 0o664 } })]
    await apply('c1', ops)
    assert.equal(await look(f), before.replace(/old$/, 'new'))
    await undo('c1', ops)
    assert.equal(await look(f), before)
    await apply('c2', ops)
    await apply('c3', back('c2', ops))
    assert.equal(await look(f), before)
  })

  test('have them again when they were removed, alone or with their folder', async () => {
    await asks(make)
    const before = await look(f, '/srv/x')
    const folder: PathState = { type: 'directory', mode: 0o755, owner: 'root', group: 'root' }
    for (const [nth, act] of [
      { type: 'remove', path: f, before: old, all: false } as const,
      { type: 'remove', path: '/srv/x', before: folder, all: true } as const,
    ].entries()) {
      const ops = [tryOp(1, act)]
      await apply(`d${nth}`, ops)
      await undo(`d${nth}`, ops)
      assert.equal(await look(f, '/srv/x'), before)
      await apply(`e${nth}`, ops)
      await apply(`f${nth}`, back(`e${nth}`, ops))
      assert.equal(await look(f, '/srv/x'), before)
    }
  })

  test('keep them when only the mode is changed, and that is taken back', async () => {
    await asks(make)
    const before = await look(f)
    const after: PathState = { ...old, mode: 0o660 }
    const ops = [tryOp(1, { type: 'access', path: f, before: old, after })]
    await apply('g1', ops)
    assert.match(await look(f), /user:deploy:rw-[^]*other::---[^]*user\.note="hello"/)
    await apply('g2', back('g1', ops))
    assert.equal(await look(f), before)
  })
})
