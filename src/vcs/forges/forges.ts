import type { TeamConfig } from '../../config/config.ts'
import type { ForgeConfig, RepoConfig } from '../../config/repo/repo.ts'
import type { Records } from '../../store/store.ts'
import { keepDeliveries } from './deliveries.ts'
import type { ForgeEvent } from './event.ts'
import { follow, type FollowWorld, type Looked } from './follow.ts'
import { type HookAnswer, makeIntake } from './intake.ts'
import { makeMovers } from './movers.ts'
import { openOutbox, type Telling } from './outbox.ts'
import { openRequests, type Requests } from './requests.ts'
import type { Delivery } from './signature.ts'
import type { CommitStatus } from './status.ts'
import { type Count, makeTally } from './tally.ts'

/** The forges that hold repositories of the team. */
export type Forges = Readonly<{
  /** Takes a webhook; the answer does not wait for what it leads to. */
  take: (repo: string, delivery: Delivery) => Promise<HookAnswer>
  /** Tells the forge of a repository something about a commit; does nothing where none is told. */
  say: (repo: string, commit: string, status: CommitStatus) => Promise<void>
  /** Whether a ref is of somebody of the team, so that plans may be made for it: they look at hosts. */
  isOfTeam: (repo: string, ref: string) => boolean
  requests: Pick<Requests, 'at' | 'open'>
  /** To be called every second or so: looks at what is due, sends what waits. */
  tick: () => Promise<void>
  view: (repo: string) => ForgeState
  /** Whether this secret of `infra` has a value. */
  isSet: (secret: string) => Promise<boolean>
  /** Resolves when nothing is fetched and nothing sent. */
  idle: () => Promise<void>
  close: () => Promise<void>
}>

export type ForgeState = Readonly<{ hook: Count; looked: Looked; telling: Telling }>

export type ForgesWorld = Readonly<{
  config: () => Promise<TeamConfig>
  records: Records
  /** The secrets of `infra`. */
  secrets: () => Promise<ReadonlyMap<string, string>>
  prepare: (repo: string, config: RepoConfig) => Promise<string>
  pushed: FollowWorld['pushed']
  now: () => number
  /** Says a line to whoever looks at the hub's terminal. */
  tell: (line: string) => void
  broke: (thrown: unknown) => void
}>

const secretsKeptMs = 5_000
const pruneMs = 3_600_000

export async function openForges(world: ForgesWorld): Promise<Forges> {
  const { records, now, tell } = world
  const known = await keepKnown(world.config)
  const secret = secretReader(world)
  const tally = makeTally(tell)
  const deliveries = keepDeliveries(records)
  const requests = await openRequests(records)
  const forgeOf = (repo: string): ForgeConfig | null => known.repo(repo)?.forge ?? null
  const tellable = (repo: string): ForgeConfig | null => {
    const forge = forgeOf(repo)
    return forge === null || forge.token === null ? null : forge
  }
  const movers = makeMovers({ requests, forgeOf, people: () => known.team()?.people ?? {} })
  const following = follow({ ...world, known: known.team, secret, moverOf: movers.moverOf })
  const hub = () => known.team()?.url ?? null
  const outbox = await openOutbox({ records, forgeOf: tellable, secret, hub, now, tell })
  const heard = async (repo: string, event: ForgeEvent): Promise<void> => {
    if (event.type === 'ping' || event.type === 'other') return
    await movers.heard(repo, event, now())
    following.poke(repo)
  }
  let prunedAt = 0
  return {
    take: makeIntake({ forgeOf, secret, deliveries, tally, now, heard }),
    say: outbox.say,
    isOfTeam: movers.isOfTeam,
    requests,
    tick: async () => {
      await known.refresh()
      following.tick()
      outbox.tick()
      if (now() - prunedAt < pruneMs) return
      prunedAt = now()
      await deliveries.prune(now())
      await requests.prune(now())
    },
    view: (repo) => ({ hook: tally.of(repo), looked: following.looked(repo), telling: outbox.of(repo) }),
    isSet: async (name) => (await secret(name)) !== null,
    idle: async () => {
      await following.idle()
      await outbox.idle()
    },
    close: async () => {
      await Promise.all([following.close(), outbox.close()])
    },
  }
}

/** `tandem.ts` as it last was without a mistake: webhooks come in also while somebody is writing it. */
async function keepKnown(config: () => Promise<TeamConfig>) {
  let team: TeamConfig | null = null
  const refresh = async (): Promise<void> => {
    team = await config().catch(() => team)
  }
  await refresh()
  return {
    refresh,
    team: () => team,
    repo: (name: string): RepoConfig | null =>
      team !== null && Object.hasOwn(team.repos, name) ? (team.repos[name] ?? null) : null,
  }
}

/** Reads secrets at most every few seconds, however many webhooks are thrown at us. */
function secretReader({ secrets, now, tell }: ForgesWorld): (name: string) => Promise<string | null> {
  let kept: Readonly<{ at: number; values: Promise<ReadonlyMap<string, string>> }> | null = null
  let told: string | null = null
  const read = async (): Promise<ReadonlyMap<string, string>> => {
    try {
      const values = await secrets()
      told = null
      return values
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      if (told !== why) tell(`the secrets of infra cannot be read, so no forge can reach us: ${why}`)
      told = why
      return new Map()
    }
  }
  return async (name) => {
    if (kept === null || now() - kept.at > secretsKeptMs) kept = { at: now(), values: read() }
    return (await kept.values).get(name) ?? null
  }
}
