import { createHmac } from 'node:crypto'
import type { Facts } from '../../config/infra/recipe-wish.ts'
import type { Lowered, Resource } from '../recipe/resource.ts'
import { fileThing, neededPackage, plain, rootsOwn } from '../things/make.ts'
import { pathThing } from '../things/path-thing.ts'
import type { Content, PackageThing, PathThing, Thing } from '../things/thing.ts'
import type { Act } from './op.ts'
import { sha256Of } from './plan-file.ts'
import { type HostPlan, planHost } from './plan-host.ts'
import type { PathSeen, Seen, UnitSeen } from './seen.ts'

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
    boot: '',
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

export const plan = (lowered: readonly Lowered[], seen: Partial<Seen> = {}): HostPlan =>
  planHost({ host: 'h1', lowered, seen: seenWith(seen), digestOf })

export const etc: readonly [string, PathSeen] = ['/etc', folderSeen]
export const missing: PathSeen = { type: 'missing' }
export const active: UnitSeen = { load: 'loaded', active: 'active', file: 'enabled', needsReload: false }
export const stopped: UnitSeen = { load: 'loaded', active: 'inactive', file: 'disabled', needsReload: false }
export const noUnit: UnitSeen = { load: 'not-found', active: 'inactive', file: '', needsReload: false }

export const packageThing = (name: string): PackageThing => ({
  ...neededPackage(name, ''),
  key: `package ${name}`,
})
export const motd = (more: Partial<Parameters<typeof fileThing>[0]> = {}): PathThing =>
  fileThing({ path: '/etc/motd', content: plain('hello\n'), ...more })
export const edited = (path: string, line: string, more: Partial<PathThing> = {}): PathThing => ({
  ...pathThing(path, {
    type: 'edited',
    edits: [{ type: 'line', line, replaces: null, after: null }],
    create: false,
    ...rootsOwn,
    owner: null,
    group: null,
  }),
  ...more,
})
export const folder = (path: string, owner: string | null = null): PathThing =>
  pathThing(path, { type: 'directory', mode: null, owner, group: owner })

/** The acts in short: `write /etc/motd`, `pay units`. */
export const acts = ({ ops }: HostPlan): readonly string[] => ops.map(({ act }) => actText(act))

function actText(act: Act): string {
  switch (act.type) {
    case 'packages':
      return `packages ${[...act.install.map(({ name }) => `+${name}`), ...act.remove.map((name) => `-${name}`)].join(' ')}`
    case 'user':
    case 'group':
    case 'command':
      return `${act.type} ${act.name}`
    case 'unit':
      return `unit ${act.unit}${act.running === true ? ' start' : ''}`
    case 'pay':
      return `pay ${act.debt.type}${'unit' in act.debt ? ` ${act.debt.unit}` : ''}`
    case 'write':
    case 'mkdir':
    case 'access':
    case 'link':
    case 'remove':
    case 'restore':
      return `${act.type} ${act.path}`
  }
}

export const troubles = (one: HostPlan): readonly string[] =>
  one.troubles.map(({ what, where, now }) => `${where}: ${what}; ${now}`)
