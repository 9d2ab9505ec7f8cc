import { parse } from './mistakes/complain.ts'
import type { Json } from '../change/json.ts'
import type { GroupConfig, HostConfig, PersonConfig } from './config.ts'
import { defaults } from './defaults.ts'
import type { ConfigPath, Mistake } from './mistakes/mistake.ts'
import * as metricsSchema from './metrics/schema.ts'
import * as repoSchema from './repo/schema.ts'
import * as schema from './schema.ts'

/** What could be read of `tandem.ts`: one entry is missing for each that has a mistake in itself. */
export type Parsed = Readonly<{
  /** All names of hosts that were written, also of those with mistakes. */
  hostNames: readonly string[]
  people: ReadonlyMap<string, PersonConfig>
  /** All names of groups that were written, also of those with mistakes. */
  groupNames: readonly string[]
  groups: ReadonlyMap<string, GroupConfig>
  roles: readonly string[]
  infra: schema.ParsedInfra
  /** All names of repositories that were written, also of those with mistakes. */
  repoNames: readonly string[]
  repos: ReadonlyMap<string, repoSchema.ParsedRepo>
  ci: repoSchema.ParsedCi
  metrics: metricsSchema.ParsedMetrics
  url: string | null
  hosts: ReadonlyMap<string, HostConfig>
  apps: ReadonlyMap<string, schema.ParsedApp>
  /** The environments of every app, also of those with mistakes. */
  environments: ReadonlyMap<string, ReadonlyMap<string, schema.ParsedEnvironment>>
}>

/** Reads each part for itself, so that a mistake in one does not hide those in the others. */
export function parseTeam(raw: unknown, mistakes: Mistake[]): Parsed {
  const team = parse(schema.team, raw, [], mistakes) ?? outline(raw)
  const hostNames = Object.keys(team.hosts ?? {})
  const groups = each(team.groups, ['groups'], (found, path) => parseGroup(found, path, mistakes))
  return {
    hostNames,
    groupNames: Object.keys(team.groups ?? {}),
    groups,
    roles: [
      ...each(team.roles, ['roles'], (found, path) => parse(schema.recipe, found, path, mistakes)).keys(),
    ],
    infra: parse(schema.infra, team.infra ?? {}, ['infra'], mistakes) ?? {},
    repoNames: Object.keys(team.repos ?? {}),
    repos: each(team.repos, ['repos'], (found, path) => parse(repoSchema.repo, found, path, mistakes)),
    ci: parse(repoSchema.ci, team.ci ?? {}, ['ci'], mistakes) ?? {},
    metrics: parse(metricsSchema.metrics, team.metrics ?? {}, ['metrics'], mistakes) ?? {},
    url: team.url ?? null,
    people: each(team.people, ['people'], (found, path) => parsePerson(found, path, mistakes)),
    hosts: each(team.hosts, ['hosts'], (found, path) => parseHost(found, path, { groups, mistakes })),
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
function outline(raw: unknown): schema.ParsedTeam {
  return {
    people: recordAt(raw, 'people'),
    hosts: recordAt(raw, 'hosts'),
    groups: recordAt(raw, 'groups'),
    roles: recordAt(raw, 'roles'),
    infra: recordAt(raw, 'infra'),
    apps: recordAt(raw, 'apps'),
    repos: recordAt(raw, 'repos'),
    ci: recordAt(raw, 'ci'),
    metrics: recordAt(raw, 'metrics'),
  }
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

function parsePerson(found: unknown, path: ConfigPath, mistakes: Mistake[]): PersonConfig | null {
  const person = parse(schema.person, found, path, mistakes)
  if (person === null) return null
  const forges = Object.entries(person.forges ?? {}).map(([forge, name]) => [forge, name.toLowerCase()])
  return { ...person, keys: person.keys ?? [], forges: Object.fromEntries(forges) }
}

function parseGroup(found: unknown, path: ConfigPath, mistakes: Mistake[]): GroupConfig | null {
  const group = parse(schema.group, found, path, mistakes)
  return group && { vars: plainVars(group.vars) }
}

type Around = Readonly<{ groups: ReadonlyMap<string, GroupConfig>; mistakes: Mistake[] }>

function parseHost(found: unknown, path: ConfigPath, { groups, mistakes }: Around): HostConfig | null {
  const sort = parse(schema.hostSort, found, path, mistakes)
  if (sort === null) return null
  if (sort.via === 'local') {
    const host = parse(schema.localHost, found, path, mistakes)
    return host && { ...placed(host, groups), via: { kind: 'local' } }
  }
  const host = parse(schema.sshHost, found, path, mistakes)
  if (host === null) return null
  return {
    ...placed(host, groups),
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

type Written = Readonly<{
  roles?: readonly string[] | undefined
  groups?: readonly string[] | undefined
  vars?: Readonly<Record<string, unknown>> | undefined
}>

function placed(host: Written, groups: Around['groups']): Omit<HostConfig, 'via'> {
  const inherited = (host.groups ?? []).map((name) => groups.get(name)?.vars ?? {})
  return {
    roles: host.roles ?? [],
    groups: host.groups ?? [],
    vars: Object.assign({}, ...inherited, plainVars(host.vars)),
  }
}

/** What came out of the child is JSON: it was carried as that. */
function plainVars(vars: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, Json>> {
  return (vars ?? {}) as Readonly<Record<string, Json>>
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
