import { parse } from './complain.ts'
import type { HostConfig, PersonConfig } from './config.ts'
import { defaults } from './defaults.ts'
import type { ConfigPath, Mistake } from './mistake.ts'
import * as schema from './schema.ts'

/** What could be read of `tandem.ts`: one entry is missing for each that has a mistake in itself. */
export type Parsed = Readonly<{
  /** All names of hosts that were written, also of those with mistakes. */
  hostNames: readonly string[]
  people: ReadonlyMap<string, PersonConfig>
  hosts: ReadonlyMap<string, HostConfig>
  apps: ReadonlyMap<string, schema.ParsedApp>
  /** The environments of every app, also of those with mistakes. */
  environments: ReadonlyMap<string, ReadonlyMap<string, schema.ParsedEnvironment>>
}>

/** Reads each part for itself, so that a mistake in one does not hide those in the others. */
export function parseTeam(raw: unknown, mistakes: Mistake[]): Parsed {
  const team = parse(schema.team, raw, [], mistakes) ?? outline(raw)
  const hostNames = Object.keys(team.hosts ?? {})
  return {
    hostNames,
    people: each(team.people, ['people'], (found, path) => parse(schema.person, found, path, mistakes)),
    hosts: each(team.hosts, ['hosts'], (found, path) => parseHost(found, path, mistakes)),
    apps: each(team.apps, ['apps'], (found, path) => parse(schema.app, found, path, mistakes)),
    environments: each(team.apps, ['apps'], (found, path) =>
      each(environmentsIn(found, hostNames), [...path, 'environments'], (inner, innerPath) =>
        parseEnvironment(inner, innerPath, mistakes),
      ),
    ),
  }
}

/** The hosts that are named, or have a role that is named, in the order of `tandem.ts`. */
export function hostsOf(on: readonly string[], hosts: ReadonlyMap<string, HostConfig>): readonly string[] {
  const names = [...hosts].filter(([name, { roles }]) => [name, ...roles].some((word) => on.includes(word)))
  return names.map(([name]) => name)
}

/** `./uploads/` and `uploads` are the same folder. */
export function tidy(path: string): string {
  return path.replace(/^(\.\/+)+/, '').replace(/\/+$/, '') || '.'
}

/** Whatever of the outermost level can be used although something in it is wrong. */
function outline(
  raw: unknown,
): Readonly<Record<'people' | 'hosts' | 'apps', Readonly<Record<string, unknown>>>> {
  return { people: recordAt(raw, 'people'), hosts: recordAt(raw, 'hosts'), apps: recordAt(raw, 'apps') }
}

function recordAt(found: unknown, key: string): Readonly<Record<string, unknown>> {
  const inner: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, key) : null
  return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {}
}

function each<T>(
  record: Readonly<Record<string, unknown>> | undefined,
  path: ConfigPath,
  read: (found: unknown, path: ConfigPath) => T | null,
): ReadonlyMap<string, T> {
  const parsed = new Map<string, T>()
  for (const [name, found] of Object.entries(record ?? {})) {
    const value = read(found, [...path, name])
    if (value !== null) parsed.set(name, value)
  }
  return parsed
}

function parseHost(found: unknown, path: ConfigPath, mistakes: Mistake[]): HostConfig | null {
  const sort = parse(schema.hostSort, found, path, mistakes)
  if (sort === null) return null
  if (sort.via === 'local') {
    const host = parse(schema.localHost, found, path, mistakes)
    return host && { roles: host.roles ?? [], via: { kind: 'local' } }
  }
  const host = parse(schema.sshHost, found, path, mistakes)
  if (host === null) return null
  return {
    roles: host.roles ?? [],
    via: {
      kind: 'ssh',
      ...host.address,
      port: host.port ?? defaults.sshPort,
      hostKey: host.hostKey ?? null,
      identityFile: host.identityFile ?? null,
      sudo: host.sudo ?? (host.address.user === 'root' ? 'no' : 'free'),
    },
  }
}

/** Where an environment goes is looked up even if something else in it is wrong. */
function parseEnvironment(
  found: unknown,
  path: ConfigPath,
  mistakes: Mistake[],
): schema.ParsedEnvironment | null {
  const whole = parse(schema.environment, found, path, mistakes)
  if (whole !== null) return whole
  const part = schema.environment.pick({ on: true }).strip().safeParse(found)
  return part.success ? part.data : null
}

function environmentsIn(app: unknown, hostNames: readonly string[]): Readonly<Record<string, unknown>> {
  const isSilent = typeof app === 'object' && app !== null && Reflect.get(app, 'environments') === undefined
  return isSilent ? { [defaults.environment]: { on: hostNames } } : recordAt(app, 'environments')
}
