import type { KnownHost } from '../plan/seen.ts'
import type { Told } from './read-probe.ts'

/** What of a host stays the same for months. What could not be learnt is empty. */
export function readFacts(told: Told, known: KnownHost | null): KnownHost {
  const lines = told('f')
  const all = (word: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
  const one = (word: string): string => all(word)[0] ?? ''
  const release = new Map(
    all('os')
      .map((line) => line.split('='))
      .map(([key, ...value]) => [key, unquoted(value.join('='))]),
  )
  const boot = one('boot')
  const before = known !== null && known.boot === boot ? known.facts : null
  const facts = {
    os: release.get('ID') ?? '',
    version: release.get('VERSION_ID') ?? '',
    codename: release.get('VERSION_CODENAME') ?? '',
    arch: before?.arch ?? one('arch'),
    kernel: one('osrelease'),
    hostname: one('hostname'),
    cpus: cpusIn(one('online')),
    memoryMb: Math.round(Number(/^MemTotal:\s*(\d+) kB/.exec(one('meminfo'))?.[1] ?? 0) / 1024),
    addresses: all('ip').flatMap(addressesIn),
    init: one('comm'),
    virtualization: before?.virtualization ?? (one('virt') || 'unknown'),
  }
  return { boot, facts }
}

/** Values of os-release may stand in quotes of the shell. */
const unquoted = (value: string): string => value.replace(/^(["'])(.*)\1$/, '$2').replaceAll(/\\(.)/g, '$1')

/** `0-3,6` are five. */
function cpusIn(online: string): number {
  return online.split(',').reduce((sum, range) => {
    const [from, to = from] = range.split('-')
    return from === undefined || !/^\d+$/.test(from) ? sum : sum + Number(to) - Number(from) + 1
  }, 0)
}

/** One line of `ip -o addr`, or all that `hostname -I` prints. Addresses that change by the hour are left out. */
function addressesIn(line: string): readonly string[] {
  const found = /^\d+: \S+ +inet6? ([^/ ]+)/.exec(line)
  if (found === null) return /^[0-9a-f.: ]+$/.test(line) ? line.split(' ').filter((word) => word !== '') : []
  return found[1] === undefined || / temporary /.test(line) ? [] : [found[1]]
}
