import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { mustRun } from './run.ts'

type Need = Readonly<{ program: string; pack: string }>

const INSTALL_LIMIT_MS = 10 * 60_000

// Names are Debian's; git is for sample repositories, chromium for the browser stories, haproxy for the fronts,
// bubblewrap and slirp4netns for jobs, PostgreSQL and Redis for their services, openssh-server for a door of the hub,
// Prometheus (with promtool) and VictoriaMetrics for what samples and queries are compared with, and plugins of Nagios for
// what these print.
const NEEDS: readonly Need[] = [
  { program: 'systemd-nspawn', pack: 'systemd-container' },
  { program: 'debootstrap', pack: 'debootstrap' },
  { program: 'ip', pack: 'iproute2' },
  { program: 'iptables', pack: 'iptables' },
  { program: 'ssh', pack: 'openssh-client' },
  { program: 'git', pack: 'git' },
]

const INSTALLED_TOO: readonly Need[] = [
  { program: 'haproxy', pack: 'haproxy' },
  { program: 'bwrap', pack: 'bubblewrap' },
  { program: 'slirp4netns', pack: 'slirp4netns' },
  { program: 'pg_createcluster', pack: 'postgresql' },
  { program: 'redis-server', pack: 'redis-server' },
  { program: 'chromium', pack: 'chromium' },
  { program: 'sshd', pack: 'openssh-server' },
  { program: 'promtool', pack: 'prometheus' },
  { program: 'victoria-metrics', pack: 'victoria-metrics' },
  { program: '/usr/lib/nagios/plugins/check_load', pack: 'monitoring-plugins-basic' },
]

/** Says in words what keeps a lab from opening on this machine; empty when nothing does. */
export function labNeeds(isThere: (program: string) => boolean = isOnPath): readonly string[] {
  const place = placeNeeds()
  if (place.length > 0) return place
  return NEEDS.filter(({ program }) => !isThere(program)).map(
    ({ program, pack }) => `${program} is missing (apt-get install ${pack})`,
  )
}

/** Installs what the lab and the stories played on it need. Throws, saying why, where it may not. */
export async function installNeeds(say: (line: string) => void): Promise<void> {
  const place = placeNeeds()
  if (place.length > 0) throw new Error(`cannot install what the lab needs: ${place.join('; ')}`)
  const packs = [...NEEDS, ...INSTALLED_TOO]
    .filter(({ program }) => !isOnPath(program))
    .map(({ pack }) => pack)
  if (packs.length === 0) return
  say(`installing ${packs.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=120']
  await mustRun(['apt-get', ...wait, 'update', '-qq'], { env, timeoutMs: INSTALL_LIMIT_MS })
  const install = ['apt-get', ...wait, 'install', '-y', '-qq', '--no-install-recommends', ...packs]
  await mustRun(install, { env, timeoutMs: INSTALL_LIMIT_MS })
}

function placeNeeds(): readonly string[] {
  const needs: string[] = []
  if (!isDebian()) needs.push('this machine is not Debian or Ubuntu')
  if (process.getuid?.() !== 0) needs.push('this process is not root')
  else if (!mayUnshare())
    needs.push('root may not mount file systems here (a container without CAP_SYS_ADMIN)')
  return needs
}

function isDebian(): boolean {
  const file = '/etc/os-release'
  return existsSync(file) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(file, 'utf8'))
}

// Root inside an ordinary container lacks capability 21, CAP_SYS_ADMIN.
function mayUnshare(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${effective}`) >> 21n) & 1n) === 1n
}

function isOnPath(program: string): boolean {
  if (program.startsWith('/')) return isExecutable(program)
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => isExecutable(join(folder, program)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
