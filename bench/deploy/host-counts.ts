import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../lab/lab.ts'
import { socketOf } from '../../lab/network.ts'

/** What hosts have seen so far: sessions that sshd opened, bytes that came in on their network card. */
export type HostCounts = readonly Readonly<{ sessions: number; bytes: number }>[]

/** Makes sshd say each session that it opens, also those inside a shared connection. */
export async function countSessions(lab: Lab): Promise<void> {
  for (const host of lab.hosts) {
    writeFileSync(join(host.root, 'etc/ssh/sshd_config.d/00-count.conf'), 'LogLevel VERBOSE\n')
    const { code, stderr } = await host.exec(['systemctl', 'reload', 'ssh'])
    if (code !== 0) throw new Error(`sshd on ${host.name} does not reload: ${stderr}`)
  }
}

export function hostCounts(lab: Lab): Promise<HostCounts> {
  return Promise.all(
    lab.hosts.map(async (host, index) => {
      const { stdout } = await host.exec(['journalctl', '-u', 'ssh', '-o', 'cat', '--no-pager'])
      const sessions = stdout.match(/^Starting session: /gm)?.length ?? 0
      return { sessions, bytes: bytesTo(lab, index + 1) }
    }),
  )
}

// The lab's end of the cable sends what the host receives.
function bytesTo(lab: Lab, index: number): number {
  const { veth } = socketOf(lab.number, index)
  return Number(readFileSync(`/sys/class/net/${veth}/statistics/tx_bytes`, 'utf8'))
}

/** The most that one host has seen between two looks. */
export function mostBetween(before: HostCounts, after: HostCounts): HostCounts[number] {
  const seen = after.map((now, index) => ({
    sessions: now.sessions - (before[index]?.sessions ?? 0),
    bytes: now.bytes - (before[index]?.bytes ?? 0),
  }))
  return {
    sessions: Math.max(...seen.map(({ sessions }) => sessions)),
    bytes: Math.max(...seen.map(({ bytes }) => bytes)),
  }
}
