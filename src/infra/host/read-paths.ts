import { TroubleError } from '../../change/trouble.ts'
import type { AccessSeen, PathSeen, Seen } from '../plan/seen.ts'
import { homesNeeded, type ProbeWants } from './probe-wants.ts'
import { readArchive } from './read-archive.ts'
import { readHomes } from './read-accounts.ts'
import type { Told } from './read-probe.ts'

/** What stands at each path that was asked for. Throws a TroubleError when the answers do not fit together. */
export async function readPaths(told: Told, wants: ProbeWants, host: string): Promise<Seen['paths']> {
  const stats = pairs(told('s'))
  const parts: Parts = {
    sums: new Map(pairs(told('h'))),
    empty: new Set(told('e')),
    targets: targetsIn(told, stats),
    bytes: await readArchive(Buffer.from(told('b').join(''), 'base64'), host),
  }
  const homes = readHomes(told, homesNeeded(wants))
  const byNumber = new Map(stats.map(([nth, text]) => [nth, text]))
  return new Map(
    wants.paths.map(({ path }, index) => {
      const nth = String(index + 1)
      const text = byNumber.get(nth)
      const seen = text === undefined ? missing : readPath({ nth, path: absolute(path, homes), text }, parts)
      if (seen === null) throw new TroubleError(unclear(path, host))
      return [path, seen]
    }),
  )
}

type Parts = Readonly<{
  sums: ReadonlyMap<string, string>
  empty: ReadonlySet<string>
  targets: ReadonlyMap<string, string>
  bytes: ReadonlyMap<string, Uint8Array>
}>

type Statted = Readonly<{ nth: string; path: string; text: string }>

const missing: PathSeen = { type: 'missing' }

/** `81a4 0 0 1 1234 1700000000 root:root`: mode with type, uid, gid, names, size, mtime, owner. */
function readPath({ nth, path, text }: Statted, { sums, empty, targets, bytes }: Parts): PathSeen | null {
  const [hex = '', uid = '', gid = '', names = '', size = '', mtime = '', ...rest] = text.split(' ')
  const [user = '', group = ''] = rest.join(' ').split(':')
  const bits = Number.parseInt(hex, 16)
  const access: AccessSeen = {
    mode: bits & 0o7777,
    owner: user === 'UNKNOWN' ? uid : user,
    group: group === 'UNKNOWN' ? gid : group,
    mtime: Number(mtime),
  }
  switch (bits & 0o170000) {
    case 0o100000: {
      const sha256 = sums.get(nth)
      if (sha256 === undefined) return null
      const fetched = bytes.get(path) ?? null
      return { type: 'file', size: Number(size), sha256, bytes: fetched, names: Number(names), ...access }
    }
    case 0o040000:
      return { type: 'directory', isEmpty: empty.has(nth), ...access }
    case 0o120000: {
      const to = targets.get(nth)
      return to === undefined ? null : { type: 'link', to, owner: access.owner, group: access.group }
    }
    default:
      return { type: 'other', what: whatOf(bits & 0o170000) }
  }
}

function whatOf(type: number): string {
  switch (type) {
    case 0o010000:
      return 'a FIFO'
    case 0o020000:
    case 0o060000:
      return 'a device'
    case 0o140000:
      return 'a socket'
    default:
      return 'something unknown'
  }
}

/** The targets of all links, in the order in which the links were told. */
function targetsIn(told: Told, stats: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const targets = Buffer.from(told('l').join(''), 'base64').toString().split('\0')
  const links = stats.filter(([, text]) => text.startsWith('a'))
  return new Map(
    links.flatMap(([nth], index) => {
      const to = targets[index]
      return to === undefined || index >= targets.length - 1 ? [] : [[nth, to] as const]
    }),
  )
}

const pairs = (lines: readonly string[]): readonly (readonly [string, string])[] =>
  lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const)

/** As the host names it in its archive. */
function absolute(path: string, homes: Seen['homes']): string {
  if (!path.startsWith('~')) return path
  const at = path.indexOf('/')
  return `${homes.get(path.slice(1, at)) ?? ''}${path.slice(at)}`
}

const unclear = (path: string, host: string): TroubleError['trouble'] => ({
  what: `${host} did not tell all of ${path}`,
  host,
  where: path,
  now: 'look again; if it stays, look at that path on the host',
})
