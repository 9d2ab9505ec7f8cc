import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'
import { shScript } from '../things/make.ts'
import { openRemote } from '../../remote/open.ts'
import type { Remote } from '../../remote/remote.ts'
import type { Op } from '../plan/op.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { addressOf, programFor, sendTo } from './try-host.ts'
import { shaOf, tryOp, tryWrite } from './try-op.ts'
import { undoProgramOf } from './undo-program.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const mark = 'c0ffee06'

describe('operations on a host with faults', { skip, concurrency: 1 }, () => {
  let lab: Lab
  let host: LabHost
  let stateDir: string
  let remote: Remote
  let scripts: HostScripts
  before(async () => {
    lab = await openLab({ hosts: 1 })
    host = lab.host('h1')
    stateDir = mkdtempSync(join(tmpdir(), 'tandem faults '))
    remote = openRemote({ stateDir, sudoPassword: async () => '' })
    scripts = await readHostScripts()
  })
  after(async () => {
    await remote.close()
    await lab.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  const partsOf = (change: string, sent: readonly string[]) => {
    const bytes = new Map(sent.map((text) => [shaOf(text), Buffer.from(text)]))
    return { scripts, bytes, passwords: new Map(), reveal: (text: string) => text, mark, change }
  }
  const apply = (change: string, ops: readonly Op[], sent: readonly string[] = []) =>
    sendTo(remote, host, programOf(ops, partsOf(change, sent)))
  const undo = async (change: string, ops: readonly Op[]) => {
    const { lines, ending } = await sendTo(remote, host, undoProgramOf(ops, { scripts, mark, change }))
    assert.deepEqual(ending, { type: 'exited', code: 0 }, lines.join('\n'))
  }
  const asks = async (script: string): Promise<string> =>
    (await host.exec(['sh', '-c', script])).stdout.trim()
  const leftovers = () =>
    asks(
      'find / -xdev -name ".tandem-*" 2>/dev/null; ls /var/lib/tandem/owed /var/lib/tandem/undo 2>/dev/null | grep -v :',
    )

  test('a package whose transaction was killed is undone, and dpkg is whole', async () => {
    const act = {
      type: 'packages',
      install: [{ name: 'nginx-light', version: null }],
      remove: [],
      purge: [],
      hold: [],
      unhold: [],
      before: { 'nginx-light': null },
    } as const
    const ops = [tryOp(1, act)]
    const first = await asks("dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\\n'")
    const run = remote.start(addressOf(host), programFor(programOf(ops, partsOf('c1', []))))
    const deadline = Date.now() + 60_000
    while ((await asks('pgrep -x dpkg >/dev/null && echo yes')) !== 'yes') {
      assert.ok(Date.now() < deadline, 'dpkg never ran')
    }
    await host.exec([
      'sh',
      '-c',
      'read -r token pid rest </var/lib/tandem/lease/infra/holder; pkill -KILL -s "$pid"; pkill -KILL -x dpkg; true',
    ])
    await run.ending
    await undo('c1', ops)
    assert.equal(
      await asks("dpkg --audit; dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\\n'"),
      first,
    )
    assert.equal(await leftovers(), '')
  })

  test('a full disk is found before anything is changed', async () => {
    const bytes = 'x'.repeat(3_000_000)
    const ops = [
      tryOp(1, tryWrite('/etc/small', 'small', { type: 'missing' })),
      tryOp(2, tryWrite('/etc/large', bytes, { type: 'missing' })),
    ]
    host.fill(4_000_000)
    try {
      const { lines, ending } = await apply('c2', ops, ['small', bytes])
      assert.deepEqual(ending, { type: 'exited', code: 1 })
      assert.match(lines.join('\n'), /trouble only \d+ KB are free where \/ is mounted, and \d+ are needed/)
    } finally {
      host.empty()
    }
    await undo('c2', ops)
    assert.equal(await asks('ls /etc/small /etc/large 2>/dev/null'), '')
    assert.equal(await leftovers(), '')
  })

  test('a disk that fills in the middle is a trouble with its place, and all is undone while it is full', async () => {
    const bytes = 'x'.repeat(300_000)
    const filling = ': >/run/waits; until [ -e /run/filled ]; do sleep 0.05; done'
    const old = { type: 'file', sha256: shaOf('old\n'), mode: 0o644, owner: 'root', group: 'root' } as const
    const ops = [
      tryOp(1, tryWrite('/srv/kept', 'new\n', old)),
      tryOp(2, {
        type: 'command',
        name: 'fill',
        check: null,
        run: shScript(filling, []),
        undo: shScript('', []),
      }),
      tryOp(3, tryWrite('/srv/large', bytes, { type: 'missing' })),
    ]
    for (const [bytesLeft, what] of [
      [
        0,
        /trouble thing 3 .*: cannot write \/var\/lib\/tandem\/undo\/c5-0\/3\.was\n.* now is the disk full\?/,
      ],
      [64 * 1024, /trouble thing 3 .*: cannot write the new file\n.* now is the disk full/],
    ] as const) {
      await asks('echo old >/srv/kept; rm -f /run/waits /run/filled')
      const change = `c5-${bytesLeft}`
      const applying = apply(change, ops, ['new\n', bytes])
      while ((await asks('ls /run/waits')) === '') await pause(50)
      host.fill(bytesLeft)
      try {
        await asks(': >/run/filled')
        const { lines, ending } = await applying
        assert.deepEqual(ending, { type: 'exited', code: 1 })
        assert.match(lines.join('\n'), what)
        await undo(change, ops)
        assert.equal(await asks('cat /srv/kept; ls /srv/large'), 'old')
        assert.equal(await leftovers(), '')
      } finally {
        host.empty()
      }
    }
    await asks('rm /srv/kept')
  })

  test('a file that is mounted from elsewhere is written in place, and put back', async () => {
    await asks('echo before >/srv/source; touch /etc/mounted; mount --bind /srv/source /etc/mounted')
    const act = tryWrite('/etc/mounted', 'after\n', { type: 'any' })
    const ops = [tryOp(1, act)]
    const { lines, ending } = await apply('c3', ops, ['after\n'])
    assert.deepEqual(ending, { type: 'exited', code: 0 }, lines.join('\n'))
    assert.equal(await asks('cat /srv/source; mountpoint -q /etc/mounted && echo mounted'), 'after\nmounted')
    await undo('c3', ops)
    assert.equal(await asks('cat /srv/source; mountpoint -q /etc/mounted && echo mounted'), 'before\nmounted')
    assert.equal(await leftovers(), '')
    await asks('umount /etc/mounted; rm /etc/mounted /srv/source')
  })

  test('a read-only file system is named before anything is changed', async () => {
    await asks('mkdir -p /mnt/ro && mount -t tmpfs -o ro tmpfs /mnt/ro')
    const ops = [
      tryOp(1, tryWrite('/etc/first', 'a', { type: 'missing' })),
      tryOp(2, tryWrite('/mnt/ro/file', 'a', { type: 'missing' })),
    ]
    const { lines } = await apply('c4', ops, ['a'])
    assert.match(lines.join('\n'), /trouble \/mnt\/ro cannot be written: it is mounted read-only/)
    assert.equal(await asks('ls /etc/first 2>/dev/null'), '')
    await undo('c4', ops)
  })

  test('a power loss anywhere is undone, and nothing is owed but what was', async (t) => {
    const seed = Number(process.env['TANDEM_SEED'] ?? Date.now() % 100_000)
    t.diagnostic(`TANDEM_SEED=${seed}`)
    const units = { type: 'units' } as const
    const ops = [
      tryOp(1, {
        type: 'mkdir',
        path: '/srv/app',
        before: { type: 'missing' },
        after: { type: 'directory', mode: 0o755, owner: 'deploy', group: 'deploy' },
      }),
      tryOp(2, tryWrite('/srv/app/conf', 'conf', { type: 'missing' }), { owes: [units] }),
      tryOp(3, tryWrite('/etc/hosts.allow', 'other', { type: 'any' }), { owes: [units] }),
      tryOp(4, { type: 'remove', path: '/etc/skel', before: { type: 'any' }, all: true }),
      tryOp(5, { type: 'pay', debt: units }),
    ]
    const tree = () =>
      asks(
        'cd / && { find etc srv -xdev \\( -path etc/systemd -o -path etc/mtab \\) -prune -o -printf "%p %y %m %u %l\\n"; find etc srv -xdev -type f -exec sha256sum {} +; } | grep -v "etc/machine-id\\|etc/resolv\\|etc/.pwd.lock\\|ld.so.cache" | sort',
      )
    const first = await tree()
    for (let nth = 0; nth < 3; nth++) {
      const change = `c${10 + nth}`
      const run = remote.start(
        addressOf(host),
        programFor(programOf(ops, partsOf(change, ['conf', 'other']))),
      )
      run.ending.catch(() => {})
      await new Promise((resolve) => setTimeout(resolve, 150 + ((seed * 31 + nth * 7919) % 400)))
      await host.kill()
      await host.boot()
      await undo(change, ops)
      assert.equal(await tree(), first)
      assert.equal(await leftovers(), '')
    }
  })
})
