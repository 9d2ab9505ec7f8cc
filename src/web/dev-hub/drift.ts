import type { DriftFinding, HostDrift, HostFacts } from '../../api/wire/wire.ts'
import type { PlanLine } from '../../change/plan.ts'
import { meant, playHosts } from './play-hosts.ts'

/** What looking at the hosts finds; applies put it right. */
export type PlayDrift = Readonly<{
  last: () => readonly HostDrift[]
  look: (on: readonly string[], now: number) => readonly HostDrift[]
  mend: (hosts: readonly string[]) => void
}>

const line = (mark: PlanLine['mark'], text: string): PlanLine => ({ mark, text })

const fullLog = Array.from({ length: 9 }, (_, nth) => [
  line('-', `    upstream_${nth} 10.0.3.${nth + 11}:8080 max_fails=1;`),
  line('+', `    upstream_${nth} 10.0.3.${nth + 11}:8080 max_fails=3;`),
]).flat()

const nginxConf: DriftFinding = {
  resource: 'file /etc/nginx/nginx.conf',
  at: 'recipes/web.ts:14:3',
  cause: 'host moved',
  lines: [
    line(' ', 'http {'),
    line('-', '    keepalive_timeout 5;'),
    line('+', '    keepalive_timeout 65;'),
    line(' ', '    include /etc/nginx/conf.d/*.conf;'),
  ],
  evidence: [
    '2026-11-23 06:41 /etc/nginx/nginx.conf',
    'Nov 23 06:40:58 sudo: grace : TTY=pts/1 ; PWD=/etc/nginx ; USER=root ; COMMAND=/usr/bin/vi nginx.conf',
  ],
}

const nginx: DriftFinding = {
  resource: 'apt nginx',
  at: 'recipes/web.ts:12:17',
  cause: 'host moved',
  lines: [line('~', '1.22.1-9+deb12u1 -> 1.22.1-9+deb12u2')],
  evidence: ['2026-11-23 06:12:44 upgrade nginx:amd64 1.22.1-9+deb12u2 1.22.1-9+deb12u1'],
}

const upstreams: DriftFinding = {
  resource: 'file /etc/nginx/conf.d/upstreams.conf',
  at: 'recipes/web.ts:19:3',
  cause: 'recipe moved',
  lines: fullLog,
  evidence: [],
}

const found: Readonly<Record<string, readonly DriftFinding[]>> = {
  web2: [nginxConf, nginx],
  idx1: [upstreams],
}

const resources = 34

export function makePlayDrift(startedAt: number): PlayDrift {
  const mended = new Set<string>()
  const looked = new Map<string, HostDrift>()
  const look = (on: readonly string[], now: number) =>
    meant(on).map((host) => {
      const drift = driftOn(host, now, mended.has(host))
      looked.set(host, drift)
      return drift
    })
  look([], startedAt - 900_000)
  return {
    last: () => [...looked.values()],
    look,
    mend: (hosts) => hosts.forEach((host) => mended.add(host)),
  }
}

const nothing = { away: null, resources, findings: [], unmanaged: [] } as const

function driftOn(host: string, at: number, isMended: boolean): HostDrift {
  if (host === 'idx2') return { ...nothing, host, at, away: 'no route to host', resources: 0 }
  if (host === 'web3') return { ...nothing, host, at, unmanaged: ['2026-11-22 18:03 /etc/cron.d/tmp-debug'] }
  if (host === 'stage1') return { ...nothing, host, at, away: 'it did not answer within 10 s', resources: 0 }
  const findings = isMended ? [] : (found[host] ?? [])
  const unmanaged =
    host === 'web2' ? ['2026-11-23 06:43 /etc/nginx/nginx.conf.bak', '2026-11-23 06:02 /root/notes'] : []
  return { ...nothing, host, at, findings, unmanaged }
}

/** What is observed of hosts as a whole. */
export function factsOf(on: readonly string[]): readonly HostFacts[] {
  return playHosts
    .filter(({ host }) => on.includes(host))
    .map(({ host, address }) =>
      host === 'idx2' || host === 'stage1'
        ? { host, facts: null, away: 'it did not answer within 10 s' }
        : { host, away: null, facts: factsAt(host, address.slice(address.indexOf('@') + 1)) },
    )
}

const factsAt = (hostname: string, address: string) => ({
  os: 'debian',
  version: '12',
  codename: 'bookworm',
  arch: 'amd64',
  kernel: '6.1.0-13-amd64',
  hostname,
  cpus: 4,
  memoryMb: 7_944,
  addresses: [address, 'fd00:3::11'],
  init: 'systemd',
  virtualization: 'kvm',
})
