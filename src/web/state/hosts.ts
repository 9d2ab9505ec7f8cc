import type { HostDrift, HostView } from '../../api/wire/wire.ts'
import { healthWords } from '../words/health-words.ts'
import { healthOf } from './host-health.ts'

export type HostFilter = Readonly<{ among: string | null; text: string }>

/** The hosts of a role or group whose row holds every word of the text. */
export function hostsThat(
  hosts: readonly HostView[],
  recipes: readonly string[],
  { among, text }: HostFilter,
): readonly HostView[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return hosts.filter((host) => {
    if (among !== null && !host.roles.includes(among) && !host.groups.includes(among)) return false
    const health = healthWords(healthOf(host, recipes))
    const shown = [host.host, host.address, ...host.roles, ...host.groups, health, host.applied?.who ?? '']
    const row = shown.join('\n').toLowerCase()
    return words.every((word) => row.includes(word))
  })
}

/** Every role, then every group, each by name and once. */
export function rolesAndGroups(
  hosts: readonly HostView[],
): Readonly<{ roles: readonly string[]; groups: readonly string[] }> {
  const names = (of: (host: HostView) => readonly string[]) => [...new Set(hosts.flatMap(of))].toSorted()
  return { roles: names(({ roles }) => roles), groups: names(({ groups }) => groups) }
}

/** The hosts with what a look has just found, so that their rows do not wait for the next status. */
export function withDrift(hosts: readonly HostView[], looked: readonly HostDrift[]): readonly HostView[] {
  const byHost = new Map(looked.map((drift) => [drift.host, drift]))
  return hosts.map((host) => {
    const drift = byHost.get(host.host)
    if (drift === undefined || (host.drift !== null && host.drift.at > drift.at)) return host
    return { ...host, drift: { found: drift.findings.length, at: drift.at, away: drift.away } }
  })
}
