import type { AppConfig, HostConfig, TeamConfig } from '../../config/config.ts'
import type { AnswerLimits, TargetConfig } from '../../config/metrics/metrics.ts'
import type { HostAsk, HostPlan } from './host/host-plan.ts'
import type { TargetPlan } from './plan.ts'

/** What of hosts and apps others have decided. */
export type Places = Readonly<{
  slotPorts: (port: number) => Readonly<{ a: number; b: number }>
  placeOf: (app: string, environment: string) => string
  rootOf: (host: string) => string
  frontSocket: string
}>

/** Who is asked for numbers, and what is said to each host that asks for us. */
export type Plans = Readonly<{ targets: readonly TargetPlan[]; hosts: readonly HostPlan[] }>

/** What headers open a target; secrets are looked up by whoever calls. */
export type HeadersOf = (target: TargetConfig) => Readonly<Record<string, string>>

/** The whole of a frame comes through one session: no answer in it may be larger. */
const mostBytesOverSsh = 64 * 1024 ** 2

export function plansOf(config: TeamConfig, places: Places, headersOf: HeadersOf): Plans {
  const hosts = Object.keys(config.hosts).map((host) => hostTargets(host, config, { places, headersOf }))
  const targets = [
    ...Object.entries(config.metrics.scrape.targets).flatMap(([job, target]) =>
      urlTargets(job, target, headersOf),
    ),
    ...hosts.flatMap((one) => one.targets),
  ]
  return { targets, hosts: hosts.flatMap(({ plan }) => (plan === null ? [] : [plan])) }
}

function urlTargets(job: string, target: TargetConfig, headersOf: HeadersOf): readonly TargetPlan[] {
  const { at, honorLabels, honorTimestamps, intervalMs, timeoutMs, limits } = target
  if (at.kind !== 'urls') return []
  const headers = headersOf(target)
  return at.urls.map((url) => ({
    id: `target/${job} ${url}`,
    url,
    labels: { job, instance: instanceOf(url), ...target.labels },
    honorLabels,
    honorTimestamps,
    intervalMs,
    timeoutMs,
    limits,
    ask: { kind: 'http', headers },
  }))
}

/** The machine and its port, also where the address leaves that out. */
function instanceOf(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}

type OnHost = Readonly<{ target: TargetPlan; authorization: string }> &
  Pick<HostAsk, 'where' | 'path' | 'place'>

type Known = Readonly<{ places: Places; headersOf: HeadersOf }>

function hostTargets(
  host: string,
  config: TeamConfig,
  { places, headersOf }: Known,
): Readonly<{ targets: readonly TargetPlan[]; plan: HostPlan | null }> {
  const { scrape } = config.metrics
  const here = config.hosts[host]
  if (here === undefined) return { targets: [], plan: null }
  const known = knownOf(host, here)
  const asked = [...appsOn(host, config, places), ...portsOn(host, config, headersOf)]
  const own = scrape.hosts ? ownTargets(host, config, known) : []
  const targets = [...own, ...asked.map(({ target }) => target)]
  if (targets.length === 0) return { targets: [], plan: null }
  const intervalMs = Math.min(...targets.map((target) => target.intervalMs))
  return {
    targets,
    plan: {
      host,
      intervalMs,
      every: scrape.hosts ? everyOf(scrape.intervalMs, intervalMs) : 0,
      root: places.rootOf(host),
      socket: places.frontSocket,
      own: own[0]?.id ?? null,
      front: own[1]?.id ?? null,
      asks: asked.map((one) => askOf(one, intervalMs)),
    },
  }
}

/** Frames come at one pace: who is asked less often is asked in each second or tenth of them. */
const everyOf = (wantedMs: number, intervalMs: number): number =>
  Math.max(1, Math.round(wantedMs / intervalMs))

function askOf({ target, where, path, place, authorization }: OnHost, intervalMs: number): HostAsk {
  return {
    id: target.id,
    every: everyOf(target.intervalMs, intervalMs),
    // What hangs must be over before the next frame begins.
    timeoutMs: Math.min(target.timeoutMs, Math.round(0.8 * intervalMs)),
    bytes: Math.min(target.limits.bytes, mostBytesOverSsh),
    where,
    path,
    place,
    authorization,
  }
}

function knownOf(host: string, { roles }: HostConfig): Readonly<Record<string, string>> {
  return roles.length === 0 ? { host } : { host, role: roles.join(',') }
}

type Paced = Readonly<{ intervalMs: number; timeoutMs: number; limits: AnswerLimits }>

const asked = ({ intervalMs, timeoutMs, limits }: Paced) =>
  ({
    honorLabels: false,
    honorTimestamps: true,
    intervalMs,
    timeoutMs,
    limits,
    ask: { kind: 'host' },
  }) as const

function ownTargets(
  host: string,
  config: TeamConfig,
  known: Readonly<Record<string, string>>,
): readonly TargetPlan[] {
  const { scrape } = config.metrics
  const environments = Object.values(config.apps).flatMap((app) =>
    Object.entries(app.environments).flatMap(([name, { hosts }]) => (hosts.includes(host) ? [name] : [])),
  )
  const [env, ...others] = new Set(environments)
  const whose = env === undefined || others.length > 0 ? {} : { env }
  const instance = { instance: host, ...known }
  // What it says of apps says also whose they are.
  const ours = { ...asked(scrape), honorLabels: true }
  return [
    {
      id: `host/${host}`,
      url: `ssh://${host}/proc`,
      labels: { job: 'host', ...instance, ...whose },
      ...ours,
    },
    {
      id: `front/${host}`,
      url: `ssh://${host}/front`,
      labels: { job: 'haproxy', ...instance },
      ...asked(scrape),
    },
  ]
}

function appsOn(host: string, config: TeamConfig, places: Places): readonly OnHost[] {
  const known = knownOf(
    host,
    config.hosts[host] ?? { roles: [], groups: [], vars: {}, via: { kind: 'local' } },
  )
  return Object.entries(config.apps).flatMap(([name, app]) =>
    Object.entries(app.environments).flatMap(([env, { hosts }]) => {
      if (app.metrics === null || !hosts.includes(host)) return []
      const place = places.placeOf(name, env)
      const port = app.metrics.port ?? app.port ?? 0
      const instance = `${host}:${port}`
      const target: TargetPlan = {
        id: `app/${place}/${host}`,
        url: `http://${instance}${app.metrics.path}`,
        labels: { job: name, instance, ...known, app: name, env },
        ...asked(config.metrics.scrape),
      }
      const where = whereIs(app, place, places)
      return [{ target, where, path: app.metrics.path, place, authorization: '' }]
    }),
  )
}

/** A front leads to two slots with ports of their own; without one the port is the app's. */
function whereIs({ metrics, port, front }: AppConfig, place: string, places: Places): string {
  if (metrics?.port !== undefined && metrics.port !== null) return String(metrics.port)
  if (front === 'none') return String(port ?? 0)
  const { a, b } = places.slotPorts(port ?? 0)
  return `${place},${a},${b}`
}

function portsOn(host: string, config: TeamConfig, headersOf: HeadersOf): readonly OnHost[] {
  return Object.entries(config.metrics.scrape.targets).flatMap(([job, told]) => {
    const { at, labels, honorLabels, honorTimestamps } = told
    const here = config.hosts[host]
    if (at.kind !== 'hosts' || here === undefined || !at.hosts.includes(host)) return []
    const instance = `${host}:${at.port}`
    const target: TargetPlan = {
      ...asked(told),
      id: `target/${job} ${instance}`,
      url: `http://${instance}${at.path}`,
      labels: { job, instance, ...knownOf(host, here), ...labels },
      honorLabels,
      honorTimestamps,
    }
    const { authorization = '' } = headersOf(told)
    return [{ target, where: String(at.port), path: at.path, place: null, authorization }]
  })
}
