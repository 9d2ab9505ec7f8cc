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
import type { Op, UserAfter } from '../plan/op.ts'
import type { Debt, Script } from '../things/thing.ts'
import { programOf } from './program.ts'
import { type HostScripts, readHostScripts } from './scripts.ts'
import { sendTo } from './try-host.ts'
import { shaOf, tryOp, tryWrite } from './try-op.ts'
import { undoProgramOf } from './undo-program.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const mark = 'c0ffee04'

describe('operations on a host', { skip, concurrency: 1 }, () => {
  let lab: Lab
  let host: LabHost
  let stateDir: string
  let remote: Remote
  let scripts: HostScripts
  before(async () => {
    lab = await openLab({ hosts: 1 })
    host = lab.host('h1')
    stateDir = mkdtempSync(join(tmpdir(), 'tandem program '))
    remote = openRemote({ stateDir, sudoPassword: async () => '' })
    scripts = await readHostScripts()
  })
  after(async () => {
    await remote.close()
    await lab.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  type Travel = Readonly<{ sent?: readonly string[]; passwords?: Readonly<Record<string, string>> }>
  const apply = async (change: string, ops: readonly Op[], { sent = [], passwords = {} }: Travel = {}) => {
    const bytes = new Map(sent.map((text) => [shaOf(text), Buffer.from(text)]))
    const known = new Map(Object.entries(passwords).map(([user, text]) => [user, Buffer.from(text)]))
    const parts = { scripts, bytes, passwords: known, reveal: (text: string) => text, mark, change }
    return sendTo(remote, host, programOf(ops, parts))
  }
  const undo = (change: string, ops: readonly Op[]) =>
    sendTo(remote, host, undoProgramOf(ops, { scripts, mark, change }))
  type Ended = Awaited<ReturnType<typeof undo>>
  const good = ({ lines, ending }: Ended): readonly string[] => {
    assert.deepEqual(ending, { type: 'exited', code: 0 }, lines.join('\n'))
    return lines.flatMap((line) => (line.startsWith(`@${mark} done`) ? [line.slice(mark.length + 7)] : []))
  }
  const asks = async (...argv: readonly string[]): Promise<string> => {
    const { stdout } = await host.exec(['sh', '-c', argv.join(' ')])
    return stdout.trim()
  }
  const twice = async (change: string, ops: readonly Op[], travel: Travel = {}) => {
    assert.deepEqual(
      good(await apply(change, ops, travel)),
      ops.map(({ number }) => `${number} changed`),
    )
  }

  const script = (rest: Partial<Script>): Script => ({
    run: 'true',
    user: null,
    cwd: null,
    env: {},
    limitMs: 9_000,
    ...rest,
  })

  test('users and groups come, change and go, and all of it is undone', async () => {
    const nobody: UserAfter = {
      uid: null,
      group: null,
      home: null,
      shell: null,
      comment: null,
      groups: null,
      system: false,
      makeHome: false,
      setsPassword: false,
    }
    const accounts = () =>
      asks(
        "getent passwd | sort; getent group | sort; getent shadow | cut -d: -f1,2 | sort; stat -c '%n %a %U %G' /home/*",
      )
    const first = await accounts()
    const deploy = {
      uid: 1000,
      group: 'deploy',
      home: '/home/deploy',
      shell: '/bin/bash',
      comment: '',
      groups: [],
      passwordSha256: null,
    }
    const typist = { ...deploy, uid: 1001, group: 'typist', home: '/home/typist' }
    const ops = [
      tryOp(1, { type: 'group', name: 'crew', before: null, after: { gid: 4321, system: false } }),
      tryOp(2, {
        type: 'user',
        name: 'ada',
        before: null,
        after: {
          ...nobody,
          uid: 4400,
          groups: ['crew'],
          comment: "Ada's",
          makeHome: true,
          setsPassword: true,
        },
        removeHome: false,
      }),
      tryOp(3, {
        type: 'user',
        name: 'deploy',
        before: deploy,
        after: { ...nobody, groups: ['crew', 'adm'], shell: '/bin/sh' },
        removeHome: false,
      }),
      tryOp(4, { type: 'user', name: 'typist', before: typist, after: null, removeHome: true }),
    ]
    await twice('c1', ops, { passwords: { ada: '$6$salt$hash' } })
    assert.equal(
      await asks(
        'id -nG ada; id -nG deploy; getent passwd ada; getent shadow ada | cut -d: -f2; ls -A /home/ada | head -1',
      ),
      [
        'ada crew',
        'deploy adm crew',
        "ada:x:4400:4400:Ada's:/home/ada:/bin/bash",
        '$6$salt$hash',
        '.bash_logout',
      ].join('\n'),
    )
    assert.equal(await asks('ls -d /home/typist 2>/dev/null; id typist 2>/dev/null'), '')
    good(await undo('c1', ops))
    assert.equal(await accounts(), first)
    good(await undo('c1', ops))
    assert.equal(await accounts(), first)
  })

  test('units come, run and are restarted once for what they owe', async () => {
    const unit = '[Service]\nExecStart=/bin/sleep 1000\n[Install]\nWantedBy=multi-user.target\n'
    const path = '/etc/systemd/system/nap.service'
    const units: Debt = { type: 'units' }
    const restart: Debt = { type: 'restart', unit: 'nap.service' }
    const first = [
      tryOp(1, tryWrite(path, unit, { type: 'missing' }), { owes: [units, restart] }),
      tryOp(2, { type: 'pay', debt: units }),
      tryOp(3, {
        type: 'unit',
        unit: 'nap.service',
        enabled: true,
        running: true,
        masked: null,
        before: null,
      }),
    ]
    await twice('c2', first, { sent: [unit] })
    assert.equal(
      await asks('systemctl is-active nap; systemctl is-enabled nap; ls /var/lib/tandem/owed | wc -l'),
      'active\nenabled\n1',
    )
    const longer = unit.replace('1000', '2000')
    const was = { type: 'file', sha256: shaOf(unit), mode: 0o644, owner: 'root', group: 'root' } as const
    const second = [
      tryOp(1, tryWrite(path, longer, was), { owes: [units, restart] }),
      tryOp(2, { type: 'pay', debt: units }),
      tryOp(3, { type: 'pay', debt: restart }),
    ]
    await twice('c3', second, { sent: [longer] })
    const sleeps = () =>
      asks(
        "cat /proc/$(systemctl show -p MainPID --value nap)/cmdline | tr '\\0' ' '; ls /var/lib/tandem/owed | wc -l",
      )
    assert.equal(await sleeps(), '/bin/sleep 2000 0')
    good(await undo('c3', second))
    assert.equal(await sleeps(), '/bin/sleep 1000 0')
    good(await undo('c2', first))
    assert.equal(
      await asks(
        `systemctl is-active nap; ls ${path} /etc/systemd/system/multi-user.target.wants/nap.service 2>/dev/null`,
      ),
      'inactive',
    )
  })

  test('a unit that does not stay up is a trouble with its last words', async () => {
    const unit = '[Service]\nExecStart=/bin/sh -c "echo no such setting; sleep 0.3; exit 3"\n'
    const ops = [
      tryOp(1, tryWrite('/etc/systemd/system/falls.service', unit, { type: 'missing' }), {
        owes: [{ type: 'units' }],
      }),
      tryOp(2, { type: 'pay', debt: { type: 'units' } }),
      tryOp(3, {
        type: 'unit',
        unit: 'falls.service',
        enabled: null,
        running: true,
        masked: null,
        before: null,
      }),
    ]
    const { lines, ending } = await apply('c4', ops, { sent: [unit] })
    assert.deepEqual(ending, { type: 'exited', code: 1 })
    assert.ok(
      lines.includes(
        `@${mark} trouble thing 3 (tandem.ts:3:3, operation 3): falls.service does not stay up after a start`,
      ),
      lines.join('\n'),
    )
    assert.ok(lines.includes(`@${mark} tail no such setting`), lines.join('\n'))
    good(await undo('c4', ops))
    assert.equal(
      await asks('ls /etc/systemd/system/falls.service 2>/dev/null; systemctl is-failed falls'),
      'inactive',
    )
  })

  test('packages come and go with what they need, in one transaction', async () => {
    const packages = () =>
      asks("dpkg-query -W -f '${db:Status-Abbrev}${Package} ${Version}\\n'; apt-mark showhold")
    const first = await packages()
    const act = {
      type: 'packages',
      install: [
        { name: 'sl', version: null },
        { name: 'tree', version: null },
      ],
      remove: ['less'],
      purge: [],
      hold: ['tree'],
      unhold: [],
      before: {
        sl: null,
        tree: null,
        less: { version: await asks("dpkg-query -W -f '${Version}' less"), held: false, arch: 'amd64' },
      },
    } as const
    const ops = [tryOp(1, act)]
    await twice('c5', ops)
    assert.equal(
      await asks('ls /usr/games/sl /usr/bin/tree; apt-mark showhold; ls /usr/bin/less 2>/dev/null'),
      '/usr/bin/tree\n/usr/games/sl\ntree',
    )
    assert.deepEqual(good(await apply('c5', ops)), ['1 same'])
    good(await undo('c5', ops))
    assert.equal(await packages(), first)
  })

  test('commands are asked first, done as their user, and undone', async () => {
    const run = script({
      run: 'id -un >"$WHERE/made"; pwd',
      user: 'deploy',
      cwd: '/home/deploy',
      env: { WHERE: '/home/deploy' },
    })
    const check = script({ run: 'test -e /home/deploy/made' })
    const ops = [
      tryOp(1, { type: 'command', name: 'make', check, run, undo: script({ run: 'rm /home/deploy/made' }) }),
    ]
    await twice('c6', ops)
    assert.equal(await asks('cat /home/deploy/made; stat -c %U /home/deploy/made'), 'deploy\ndeploy')
    assert.deepEqual(good(await apply('c6', ops)), ['1 same'])
    good(await undo('c6', ops))
    assert.equal(await asks('ls /home/deploy/made 2>/dev/null'), '')
  })
})
