import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { LabHost } from '../../../lab/host.ts'
import { type Lab, openLab } from '../../../lab/lab.ts'
import { labNeeds } from '../../../lab/needs.ts'
import { lookOpening, newNonce } from '../../remote/bootstrap.ts'
import { openRemote } from '../../remote/open.ts'
import type { Remote } from '../../remote/remote.ts'
import type { ProbeWants } from './probe-wants.ts'
import { probeOf } from './probe.ts'
import { readProbe } from './read-probe.ts'
import { readHostScripts } from './scripts.ts'
import { lookFrom } from './try-host.ts'

const needs = labNeeds()
const skip = needs.length > 0 ? `no lab on this machine: ${needs.join('; ')}` : false
const mark = 'c0ffee02'

/** A hundred resources as a web server has them, all as they should be but one package. */
function hundredWants(root: string): ProbeWants {
  const bytes = 'workers 4\n'
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const paths = Array.from({ length: 70 }, (_, nth) => {
    const path = `/srv/app-${nth}/settings.conf`
    mkdirSync(join(root, `/srv/app-${nth}`), { recursive: true })
    if (nth % 2 === 0) writeFileSync(join(root, path), bytes)
    return nth % 2 === 0
      ? { path, wantSha: sha256, wantBytes: false }
      : { path: `/srv/app-${nth}`, wantSha: null, wantBytes: false }
  })
  const links = ['/etc/localtime', '/etc/mtab'].map((path) => ({ path, wantSha: null, wantBytes: false }))
  return {
    paths: [...paths, ...links, { path: '/etc/fstab', wantSha: null, wantBytes: true }],
    packages: ['haproxy', 'git', 'sudo', 'less', 'rsync', 'procps', 'openssh-server', 'systemd'],
    users: ['root', 'deploy', 'typist'],
    groups: ['root', 'deploy', 'adm'],
    units: ['ssh.service', 'sshd.service', 'haproxy.service', 'no-such.service', 'multi-user.target'],
    homes: ['deploy'],
    checks: ['true', 'test -e /etc', 'exit 3'].map((run, nth) => ({
      key: `command ${nth}`,
      script: { run, user: nth === 1 ? 'deploy' : null, cwd: null, env: {}, limitMs: 5_000 },
    })),
  }
}

/** The highest process number so far on a host, which counts forks: asking for it is one of them. */
async function lastProcess(host: LabHost): Promise<number> {
  const { stdout } = await host.exec(['cat', '/proc/loadavg'])
  return Number(stdout.trim().split(' ').at(-1))
}

describe('a probe on a host', { skip }, () => {
  let lab: Lab
  let stateDir: string
  let remote: Remote
  before(async () => {
    lab = await openLab({ hosts: 1 })
    stateDir = mkdtempSync(join(tmpdir(), 'tandem probe '))
    remote = openRemote({ stateDir, sudoPassword: async () => '' })
  })
  after(async () => {
    await remote.close()
    await lab.close()
    rmSync(stateDir, { recursive: true, force: true })
  })

  test('sees a hundred resources with at most forty forks and twenty-five KiB sent', async (t) => {
    const host = lab.host('h1')
    const wants = hundredWants(host.root)
    const parts = {
      scripts: await readHostScripts(),
      wants,
      known: null,
      mark,
      reveal: (text: string) => text,
    }
    const { script } = probeOf(parts)
    await lookFrom(remote, host, { script: ':' })
    const before = await lastProcess(host)
    const { lines } = await lookFrom(remote, host, { script })
    const forks = (await lastProcess(host)) - before - 1
    const seen = await readProbe({ host: 'h1', wants, known: null, mark, lines })
    assert.deepEqual(
      [...seen.units.values()].map(({ load, active, file }) => `${load} ${active} ${file}`),
      [
        'loaded active enabled',
        'loaded active enabled',
        'loaded inactive disabled',
        'not-found inactive ',
        'loaded active indirect',
      ],
    )
    assert.deepEqual([...seen.checks.values()], [0, 0, 3])
    assert.equal([...seen.paths.values()].filter(({ type }) => type === 'missing').length, 0)
    assert.deepEqual([seen.facts.os, seen.facts.hostname, seen.facts.init], ['debian', 'h1', 'systemd'])
    assert.deepEqual(seen.facts.addresses, [host.address])
    assert.match(seen.users.get('typist')?.passwordSha256 ?? '', /^[0-9a-f]{64}$/)
    assert.equal(seen.users.get('deploy')?.passwordSha256, null)

    const program = { id: 'probe', script, frames: [], limitMs: 1_000, secrets: [] }
    const opening = lookOpening('/var/lib/tandem', program, newNonce())
    const sent = opening.upload.reduce((sum, bytes) => sum + bytes.length, opening.line.length)
    t.diagnostic(`${forks} forks, ${sent} bytes sent`)
    assert.ok(forks > 10 && forks <= 40, `${forks} forks`)
    assert.ok(sent <= 25 * 1024, `${sent} bytes sent`)
  })

  test('asks apt only for what is missing', async () => {
    const host = lab.host('h1')
    const wants = {
      paths: [],
      packages: ['sudo', 'sl', 'no-such-package'],
      users: [],
      groups: [],
      units: [],
      homes: [],
      checks: [],
    }
    const parts = {
      scripts: await readHostScripts(),
      wants,
      known: null,
      mark,
      reveal: (text: string) => text,
    }
    const { script } = probeOf(parts)
    await host.exec(['sh', '-c', 'rm -rf /var/lib/apt/lists/*'])
    const look = async () =>
      readProbe({
        host: 'h1',
        wants,
        known: null,
        mark,
        lines: (await lookFrom(remote, host, { script })).lines,
      })
    const before = await look()
    assert.equal(before.candidates, null)
    assert.match(before.packages.get('sudo')?.version ?? '', /^1\./)
    await host.exec(['apt-get', 'update'])
    const { candidates } = await look()
    assert.deepEqual([...(candidates ?? new Map()).keys()], ['sl'])
  })
})
