import { type ConfigPath, type Mistake, mistake, written } from './mistake.ts'
import { nearest } from './nearest.ts'
import { hostsOf, type Parsed } from '../parsed.ts'
import { mistakenMetrics } from '../metrics/references.ts'
import { mistakenRepos } from '../repo/references.ts'

/** What is wrong between hosts and apps: names that nobody has, ports that two want. */
export function mistakesBetween(parsed: Parsed): readonly Mistake[] {
  const places = [...parsed.environments.keys()].flatMap((app) => mistakenPlaces(app, parsed))
  return [
    ...mistakenRoles(parsed),
    ...mistakenGroups(parsed),
    ...strayRecipes(parsed),
    ...places,
    ...portsTakenTwice(parsed),
    ...mistakenRepos(parsed),
    ...mistakenMetrics(parsed),
  ]
}

function mistakenRoles(parsed: Parsed): readonly Mistake[] {
  return [...parsed.hosts].flatMap(([host, { roles }]) =>
    roles.flatMap((role, index) => {
      if (role === host || !parsed.hostNames.includes(role)) return []
      const what = `the role '${role}' has the name of another host`
      return [mistake(['hosts', host, 'roles', index], what, 'call one of the two something else')]
    }),
  )
}

function mistakenGroups({ hosts, groupNames }: Parsed): readonly Mistake[] {
  return [...hosts].flatMap(([host, { groups }]) =>
    groups.flatMap((group, index) => {
      if (groupNames.includes(group)) return []
      const meant = nearest(group, groupNames)
      const known =
        groupNames.length === 0
          ? `add groups: { ${group}: { vars: { … } } }`
          : `known: ${groupNames.join(', ')}`
      const now = meant === null ? known : `did you mean '${meant}'?`
      return [mistake(['hosts', host, 'groups', index], `there is no group called '${group}'`, now)]
    }),
  )
}

/** A role may have no host for a while. But a recipe for nobody, beside a role like it that has none, is a slip. */
function strayRecipes({ hosts, roles }: Parsed): readonly Mistake[] {
  const held = new Set([...hosts.values()].flatMap((host) => host.roles))
  const bare = [...held].filter((role) => !roles.includes(role))
  return roles.flatMap((role) => {
    if (role === 'all' || held.has(role)) return []
    const meant = nearest(role, bare)
    if (meant === null) return []
    return [mistake(['roles', role], `no host has the role '${role}'`, `did you mean '${meant}'?`, 'key')]
  })
}

function mistakenPlaces(app: string, parsed: Parsed): readonly Mistake[] {
  const path = ['apps', app]
  if (parsed.hostNames.length === 0) {
    return [
      mistake(path, `${written(path)} has no host to go to`, "add hosts: { local: { via: 'local' } }", 'key'),
    ]
  }
  if (isEmpty(parsed.apps.get(app)?.environments)) {
    const now = 'leave environments out: then it goes to all hosts'
    return [mistake([...path, 'environments'], `${written(path)} goes nowhere`, now)]
  }
  return [...(parsed.environments.get(app) ?? [])].flatMap(([name, { on }]) =>
    mistakenNames([...path, 'environments', name, 'on'], on, parsed),
  )
}

function isEmpty(record: Readonly<Record<string, unknown>> | undefined): boolean {
  return record !== undefined && Object.keys(record).length === 0
}

function mistakenNames(path: ConfigPath, on: readonly string[], parsed: Parsed): readonly Mistake[] {
  const roles = [...parsed.hosts.values()].flatMap((host) => host.roles)
  const known = [...new Set([...parsed.hostNames, ...roles])]
  const allHostsRead = parsed.hosts.size === parsed.hostNames.length
  if (on.length === 0) return [mistake(path, `${written(path)} names no host`, `known: ${known.join(', ')}`)]
  return on.flatMap((word, index) => {
    // The role may be that of a host with a mistake in it.
    if (known.includes(word) || !allHostsRead) return []
    const meant = nearest(word, known)
    const now = meant === null ? `known: ${known.join(', ')}` : `did you mean '${meant}'?`
    return [mistake([...path, index], `no host is called '${word}' or has that role`, now)]
  })
}

function portsTakenTwice(parsed: Parsed): readonly Mistake[] {
  const wanted = wantedPorts(parsed)
  const clashes = wanted.flatMap((late, index) => {
    const early = wanted
      .slice(0, index)
      .find((other) => other.machine === late.machine && other.port === late.port)
    return early === undefined ? [] : [{ early, late }]
  })
  // One clash on ten hosts is told once.
  const told = clashes.filter(
    ({ late }, index) => clashes.findIndex((other) => other.late.app === late.app) === index,
  )
  return told.map(({ early, late }) => {
    const hosts =
      [...new Set([early.host, late.host])].join(' (the same machine as ') +
      (early.host === late.host ? '' : ')')
    const by =
      early.target === late.target ? `twice by ${late.target}` : `by ${early.target} and by ${late.target}`
    const what = `port ${late.port} of ${hosts} is wanted ${by}`
    return mistake(['apps', late.app, 'port'], what, 'give one of them another port or another host')
  })
}

type WantedPort = Readonly<{ app: string; target: string; host: string; machine: string; port: number }>

function wantedPorts(parsed: Parsed): readonly WantedPort[] {
  return [...parsed.apps].flatMap(([app, { port }]) => {
    if (port === undefined) return []
    return [...(parsed.environments.get(app) ?? [])].flatMap(([name, { on }]) =>
      hostsOf(on, parsed.hosts).map((host) => {
        return { app, target: `${app}@${name}`, host, machine: machineOf(host, parsed), port }
      }),
    )
  })
}

/** Two names may stand for one machine, and ports are the machine's. */
function machineOf(name: string, parsed: Parsed): string {
  const via = parsed.hosts.get(name)?.via
  return via?.kind === 'ssh' ? `${via.address} ${via.port}` : 'here'
}
