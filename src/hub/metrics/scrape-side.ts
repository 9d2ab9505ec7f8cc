import { setTimeout as pause } from 'node:timers/promises'
import { addressOf, type TeamConfig } from '../../config/config.ts'
import type { AuthConfig } from '../../config/metrics/metrics.ts'
import { placeOf, slotPorts } from '../../deploy/deployment.ts'
import { frontSocket } from '../../deploy/program/haproxy.ts'
import { rootOf } from '../../deploy/program/host-parts.ts'
import type { MetricsSide } from '../../metrics/metrics-side.ts'
import type { HostPlan } from '../../metrics/scrape/host/host-plan.ts'
import { watchHost, type WatchWorld } from '../../metrics/scrape/host/host-watch.ts'
import type { ScrapeDeed, TargetPlan } from '../../metrics/scrape/plan.ts'
import { type Plans, plansOf } from '../../metrics/scrape/plans.ts'
import type { HostAddress, Remote } from '../../remote/remote.ts'
import type { HubOptions } from '../options.ts'
import { readSecretsOf } from '../secrets/read-secrets.ts'

export type ScrapeOfHub = Readonly<{
  options: Pick<HubOptions, 'projectDir' | 'identity'>
  remote: Remote
  metrics: Pick<MetricsSide, 'scrape'>
  config: () => Promise<TeamConfig>
  /** Targets that the hub has besides: itself. */
  own: (config: TeamConfig) => readonly TargetPlan[]
  tell: (line: string) => void
  broke: (thrown: unknown) => void
}>

export type ScrapeHere = Readonly<{
  /** Has those asked for numbers whom tandem.ts names by now. */
  look: () => Promise<void>
  close: () => Promise<void>
}>

type Watched = Readonly<{ said: string; stop: AbortController; done: Promise<void> }>

/** Asking hosts, apps and targets for their numbers, as tandem.ts says; what was said otherwise since is heeded at the next look. */
export function scrapeOfHub(hub: ScrapeOfHub): ScrapeHere {
  const watched = new Map<string, Watched>()
  const world = watchWorld(hub)
  const deliver = delivering(hub)
  let isClosed = false
  const follow = (plan: HostPlan, address: HostAddress, said: string): void => {
    const stop = new AbortController()
    const done = watchHost(address, plan, world, stop.signal).catch(hub.broke)
    watched.set(plan.host, { said, stop, done })
  }
  const leave = async (wanted: ReadonlyMap<string, string>): Promise<void> => {
    const gone = [...watched].filter(([host, { said }]) => wanted.get(host) !== said)
    for (const [host, { stop }] of gone) {
      stop.abort()
      watched.delete(host)
    }
    await Promise.all(gone.map(([, { done }]) => done))
  }
  return {
    look: async () => {
      // Who makes a mistake in tandem.ts still sees the numbers of before.
      const config = await hub.config().catch(() => null)
      if (config === null || isClosed) return
      const { targets, hosts } = await plansFor(hub, config)
      const asked = hosts.flatMap((plan) => {
        const host = config.hosts[plan.host]
        const address = host === undefined ? null : addressOf(plan.host, host, hub.options.projectDir)
        return address === null ? [] : [{ plan, address, said: JSON.stringify([plan, address]) }]
      })
      await leave(new Map(asked.map(({ plan, said }) => [plan.host, said])))
      // Said each time: whoever takes samples in may have begun anew, and then knows none.
      await deliver({ type: 'targets', plans: [...hub.own(config), ...targets], atMs: Date.now() })
      for (const { plan, address, said } of asked)
        if (!watched.has(plan.host) && !isClosed) follow(plan, address, said)
    },
    close: async () => {
      isClosed = true
      await leave(new Map())
    },
  }
}

function watchWorld(hub: ScrapeOfHub): WatchWorld {
  const deliver = delivering(hub)
  return {
    remote: hub.remote,
    now: Date.now,
    sleep: (ms, signal) => pause(ms, undefined, { signal, ref: false }).catch(() => undefined),
    record: (scraped) => void deliver({ type: 'scraped', scraped }),
    wait: (id, why) => void deliver({ type: 'waits', id, why }),
  }
}

/** While nobody takes samples in, what is seen is lost; why that is, the engine says itself. */
function delivering({ metrics }: ScrapeOfHub): (deed: ScrapeDeed) => Promise<void> {
  return (deed) => metrics.scrape(deed).catch(() => undefined)
}

async function plansFor({ options, tell }: ScrapeOfHub, config: TeamConfig): Promise<Plans> {
  const auths = Object.values(config.metrics.scrape.targets).flatMap(({ at }) =>
    at.auth === null ? [] : [at.auth],
  )
  const secrets = auths.length === 0 ? new Map<string, string>() : await secretsFor(options, tell)
  const places = {
    slotPorts,
    placeOf,
    frontSocket,
    rootOf: (name: string): string => {
      const host = config.hosts[name]
      return host === undefined ? '' : rootOf(addressOf(name, host, options.projectDir))
    },
  }
  return plansOf(config, places, ({ at }) => (at.auth === null ? {} : headerFor(at.auth, secrets)))
}

/** Without the key of the team targets are asked as strangers, and say themselves that they refuse. */
async function secretsFor(
  options: ScrapeOfHub['options'],
  tell: (line: string) => void,
): Promise<ReadonlyMap<string, string>> {
  try {
    return await readSecretsOf(options, 'infra')
  } catch (thrown) {
    tell(
      `metrics: targets are asked without their secrets: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    )
    return new Map()
  }
}

function headerFor(auth: AuthConfig, secrets: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const secret = secrets.get(auth.secret)
  if (secret === undefined) return {}
  if (auth.kind === 'bearer') return { authorization: `Bearer ${secret}` }
  return { authorization: `Basic ${Buffer.from(`${auth.user}:${secret}`).toString('base64')}` }
}
