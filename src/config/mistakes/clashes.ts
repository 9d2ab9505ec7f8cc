import { type ConfigPath, type Mistake, mistake, written } from './mistake.ts'
import { type Parsed, tidy } from '../parsed.ts'
import type * as schema from '../schema.ts'

/** What an app says that cannot be at the same time, though each for itself is right. */
export function mistakesWithin({ apps, environments, infra }: Parsed): readonly Mistake[] {
  const inApps = [...apps].flatMap(([name, app]) => {
    const path = ['apps', name]
    return [
      ...clashes(path, app),
      ...countedTimers(path, app),
      ...secretsTwice(path, app),
      ...openVariables([...path, 'env'], app.env ?? {}, app.secrets ?? []),
      ...foldersTwice(path, app),
    ]
  })
  const inEnvironments = [...environments].flatMap(([name, places]) =>
    [...places].flatMap(([key, { env = {}, stages = [] }]) => {
      const path = ['apps', name, 'environments', key]
      return [
        ...openVariables([...path, 'env'], env, apps.get(name)?.secrets ?? []),
        ...stagesThatStay([...path, 'stages'], stages),
      ]
    }),
  )
  return [...inApps, ...inEnvironments, ...stagesThatStay(['infra', 'stages'], infra.stages ?? [])]
}

function clashes(path: ConfigPath, app: schema.ParsedApp): readonly Mistake[] {
  const here = written(path)
  const web = app.run['web']
  const hasPort = app.port !== undefined
  const rules: readonly (readonly [boolean, ConfigPath, string, string])[] = [
    [Object.keys(app.run).length === 0, ['run'], `${here} runs nothing`, "add web: 'node server.js'"],
    [
      hasPort && web === undefined && Object.keys(app.run).length > 0,
      ['port'],
      `${here} has a port, but nothing in its run is called 'web'`,
      "call the process that listens 'web'",
    ],
    [
      !hasPort && app.front === 'haproxy',
      ['front'],
      `${here} has a front, but no port for it to listen on`,
      'add port: 8080',
    ],
    [
      !hasPort && app.health !== undefined,
      ['health'],
      `${here} has a health check, but no port to ask at`,
      'add port: 8080',
    ],
    [
      hasPort && web?.schedule !== undefined,
      ['run', 'web', 'schedule'],
      `${here} has a port, so its web always runs, not at times`,
      'leave the schedule out, or the port',
    ],
    [
      hasPort && (web?.count ?? 1) > 1,
      ['run', 'web', 'count'],
      `${here} has one port, so its web runs once on each host`,
      'leave the count out',
    ],
  ]
  return rules
    .filter(([applies]) => applies)
    .map(([, below, what, now]) => mistake([...path, ...below], what, now))
}

function countedTimers(path: ConfigPath, app: schema.ParsedApp): readonly Mistake[] {
  return Object.entries(app.run).flatMap(([name, { schedule, count }]) => {
    if (schedule === undefined || count === undefined) return []
    const place = [...path, 'run', name]
    return [mistake([...place, 'count'], `${written(place)} runs once at its time`, 'leave the count out')]
  })
}

function openVariables(
  path: ConfigPath,
  env: Readonly<Record<string, string>>,
  secrets: readonly string[],
): readonly Mistake[] {
  return Object.keys(env).flatMap((name) => {
    const spot = [...path, name]
    if (name === 'PORT')
      return [mistake(spot, 'PORT is given to web by tandem', 'leave it out, and say port: 3000')]
    if (!secrets.includes(name)) return []
    return [
      mistake(spot, `${name} is one of the secrets, but stands here for all to read`, 'leave it out here'),
    ]
  })
}

function secretsTwice(path: ConfigPath, { secrets = [] }: schema.ParsedApp): readonly Mistake[] {
  return secrets.flatMap((name, index) => {
    if (secrets.indexOf(name) === index) return []
    return [mistake([...path, 'secrets', index], `the secret ${name} is named twice`, 'leave one out')]
  })
}

function foldersTwice(path: ConfigPath, { shared = [], links = [] }: schema.ParsedApp): readonly Mistake[] {
  const kept = [
    ...shared.map((folder, index) => ({ folder, spot: [...path, 'shared', index] })),
    ...links.map((folder, index) => ({ folder, spot: [...path, 'links', index] })),
  ]
  return kept.flatMap(({ folder, spot }, index) => {
    const other = kept.slice(0, index).find((before) => overlap(tidy(before.folder), tidy(folder)))
    if (other === undefined) return []
    return [mistake(spot, `'${folder}' is kept already, by '${other.folder}'`, 'leave one of them out')]
  })
}

function overlap(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`)
}

function stagesThatStay(
  path: ConfigPath,
  stages: NonNullable<schema.ParsedEnvironment['stages']>,
): readonly Mistake[] {
  return stages.flatMap((stage, index) => {
    const before = stages[index - 1]
    if (before === undefined || mayRise(before.share, stage.share)) return []
    const what = `the stage '${stage.name}' goes no further than '${before.name}' before it`
    return [
      mistake([...path, index], what, "say how far the release has come: 'canary', '25%', '50%', 'rest'"),
    ]
  })
}

type Share = NonNullable<schema.ParsedEnvironment['stages']>[number]['share']

/** Hosts and percent cannot be compared before the hosts are counted, save with all of them. */
function mayRise(before: Share, share: Share): boolean {
  if (before.type === 'hosts') return share.type === 'percent' || share.hosts > before.hosts
  return before.percent < (share.type === 'percent' ? share.percent : 100)
}
