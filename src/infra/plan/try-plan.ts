import { createHmac } from 'node:crypto'
import type { Facts } from '../../config/recipe-wish.ts'
import type { Lowered, Resource } from '../recipe/resource.ts'
import type { Content, Thing } from '../things/thing.ts'
import { sha256Of } from './plan-file.ts'
import type { PathSeen, Seen } from './seen.ts'

/** What tests of plans are made of. */

export const tryFacts: Facts = {
  os: 'debian',
  version: '12',
  codename: 'bookworm',
  arch: 'amd64',
  kernel: '6.1.0',
  hostname: 'h1',
  cpus: 2,
  memoryMb: 2048,
  addresses: ['10.0.0.1'],
  init: 'systemd',
  virtualization: 'kvm',
}

/** A host that has nothing of what was asked, but for what a test says. */
export function seenWith(some: Partial<Seen>): Seen {
  return {
    facts: tryFacts,
    paths: new Map(),
    packages: new Map(),
    users: new Map(),
    groups: new Map(),
    units: new Map(),
    checks: new Map(),
    owed: new Set(),
    homes: new Map(),
    candidates: new Map(),
    ...some,
  }
}

/** Resources in order, each of the things that are named; the first thing gives it its name. */
export function loweredOf(...all: readonly (Thing | readonly Thing[] | Said)[]): readonly Lowered[] {
  return all.map((one, number) => {
    const { things, after } = isSaid(one) ? one : { things: 'type' in one ? [one] : one, after: [] }
    const resource: Resource = {
      number,
      type: 'try',
      id: things[0]?.key ?? `try ${number}`,
      name: 'try',
      options: {},
      at: { file: 'tandem.ts', line: number + 1, column: 1 },
      after,
    }
    return { resource, things }
  })
}

type Said = Readonly<{ things: readonly Thing[]; after: readonly number[] }>

function isSaid(one: Thing | readonly Thing[] | Said): one is Said {
  return 'things' in one
}

export const digestOf = ({ bytes, secrets }: Content): string =>
  secrets.length === 0 ? sha256Of(bytes) : createHmac('sha256', 'key').update(bytes).digest('hex')

export function fileSeen(text: string, more: Partial<Extract<PathSeen, { type: 'file' }>> = {}): PathSeen {
  const bytes = Buffer.from(text, 'utf8')
  return {
    type: 'file',
    size: bytes.length,
    sha256: sha256Of(bytes),
    bytes,
    names: 1,
    mode: 0o644,
    owner: 'root',
    group: 'root',
    mtime: 0,
    ...more,
  }
}

export const folderSeen: PathSeen = {
  type: 'directory',
  isEmpty: false,
  mode: 0o755,
  owner: 'root',
  group: 'root',
  mtime: 0,
}
