import { TroubleError } from '../../change/trouble.ts'
import type { Facts } from '../../config/infra/recipe-wish.ts'
import type { PackageSeen, Seen } from '../plan/seen.ts'
import type { ProbeWants } from './probe-wants.ts'
import type { Told } from './read-probe.ts'

/** What was wanted, and what it is wanted of. */
export type Needs = Readonly<{ host: string; wants: ProbeWants; facts: Facts }>

/** Packages by the names that were asked for. Throws a TroubleError when there is no dpkg to ask. */
export function readPackages(told: Told, { host, wants, facts }: Needs): Seen['packages'] {
  const lines = told('k')
  if (lines.length === 0 && wants.packages.length > 0) throw new TroubleError(notDebian(host, facts))
  const byName = new Map<string, PackageSeen>()
  for (const line of lines) {
    const found = readPackage(line)
    if (found === null) continue
    const { name, seen } = found
    byName.set(`${name}:${seen.arch}`, seen)
    if (seen.arch === facts.arch || seen.arch === 'all' || !byName.has(name)) byName.set(name, seen)
  }
  return new Map(wants.packages.map((name) => [name, byName.get(name) ?? null]))
}

/** `hi  1.22.1-9 amd64 nginx`. What is not wholly there is as good as missing: apt brings it in order. */
function readPackage(line: string): Readonly<{ name: string; seen: PackageSeen }> | null {
  const [status = '', version = '', arch = '', name = ''] = line.split(/ +/)
  if (!/^[hi]i/.test(status) || name === '') return null
  return { name, seen: { version, arch, held: status.startsWith('h') } }
}

const notDebian = (host: string, { os }: Facts): TroubleError['trouble'] => ({
  what: `${host} is not Debian: there is no dpkg (it says it is ${os === '' ? 'nothing we know' : os})`,
  host,
  now: 'leave packages out of the recipe of this host: `host.facts.os` tells them apart',
})

/** Versions that apt would install; null when it has no lists to choose from, and nothing when it was not asked. */
export function readCandidates(told: Told): Seen['candidates'] {
  const lines = told('a')
  if (lines.length === 0) return null
  const found = new Map<string, string>()
  let name = ''
  for (const line of lines) {
    const version = /^ {2}Candidate: (.+)$/.exec(line)?.[1]
    if (version === undefined) name = line.replace(/:$/, '')
    else if (version !== '(none)') found.set(name, version)
  }
  return found
}
