import type { Happening } from '../change/entry.ts'
import type { Occurrence } from '../change/occurrence.ts'
import type { Json } from '../change/json.ts'
import type { ChangeId, Order } from '../change/order.ts'
import { samplePlan } from '../change/samples.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Holder, LogLine, May, Store } from '../store/store.ts'
import type { HubSide } from './hub-side.ts'
import type { StatusView } from './wire/wire.ts'

type Listeners = Set<Parameters<HubSide['subscribe']>[0]>

/** A hub of one app for tests of the wire: it keeps what it is told in a real store and does nothing by itself. */
export type SmallHub = Readonly<{
  side: HubSide
  happen: (change: ChangeId, happenings: readonly Happening[]) => Promise<void>
  record: (about: string, occurrence: Occurrence) => Promise<void>
  say: (line: Omit<LogLine, 'seq'>) => Promise<void>
  /** How many listen now. */
  listeners: () => number
  /** The orders that were proposed. */
  orders: readonly Order[]
}>

const holder: Holder = { pid: 1, started: 0, boot: 'small-hub', kind: 'hub' }

export function makeSmallHub(
  store: Store,
  world: Readonly<{ now: () => number; people: Readonly<Record<string, May>> }>,
): SmallHub {
  const listeners: Listeners = new Set()
  const orders: Order[] = []
  const happen: SmallHub['happen'] = async (change, happenings) => {
    await store.ledger.append(change, happenings, world.now(), null)
    const written = (await store.ledger.of(change)).slice(-happenings.length)
    for (const entry of written) for (const listener of listeners) listener.entry(entry)
  }
  const record: SmallHub['record'] = async (about, occurrence) => {
    await store.ledger.record(about, occurrence, world.now())
    const written = await store.ledger.asides({ about, before: null, limit: 1 })
    for (const aside of written) for (const listener of listeners) listener.aside(aside)
  }
  const side: HubSide = {
    version: '0.0.1',
    store,
    accept: (kind, wish) => accept(kind, wish),
    plan: async () => samplePlan,
    propose: async (order) => {
      orders.push(order)
      return store.ledger.order(order, world.now(), holder)
    },
    revertOf: (change) => revertOf(change),
    stop: (change, who, door) => happen(change, [{ type: 'stop-asked', who, door }]),
    overrule: (change, who, why) => happen(change, [{ type: 'overruled', who, why }]),
    status: async () => ({ ...smallStatus, lines: await store.leases.lines() }),
    repos: {
      ...noRepos,
      git: async (asked, _, response) => void response.end(JSON.stringify(asked)),
    },
    infra: {
      drift: async () => [],
      lastDrift: async () => [],
      facts: async () => [],
      programs: async () => [],
    },
    ...flagless,
    runs: smallRuns,
    ...unmeasured,
    train: smallTrain(world.now),
    releases: async () => [],
    forges: { take: async () => ({ status: 404, says: 'no repositories here' }), view: async () => null },
    may: (person) => world.people[person] ?? null,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const say: SmallHub['say'] = async (line) => {
    await store.log.append([line])
    for (const listener of listeners) listener.log({ ...line, seq: await store.log.lastSeq() })
  }
  return { side, happen, record, say, listeners: () => listeners.size, orders }
}

const smallTrain = (now: () => number): HubSide['train'] => ({
  view: async () => ({ places: [], holds: [] }),
  hold: async (wish) => ({ ...wish, since: now() }),
  release: async () => {},
})

const noRepo = async (): Promise<never> => {
  throw new TroubleError({ what: 'there is no repository here', now: 'ask another hub' })
}

const noRepos: Omit<HubSide['repos'], 'git'> = {
  list: async () => [],
  make: noRepo,
  show: noRepo,
  commits: noRepo,
  commit: noRepo,
  plan: noRepo,
  tree: noRepo,
  blob: noRepo,
  blame: noRepo,
  asides: noRepo,
  tests: noRepo,
  flagPlaces: noRepo,
}

const noEnvironment = async (environment: string): Promise<never> => {
  throw new TroubleError({ what: `there is no environment '${environment}'`, now: 'ask another hub' })
}

const noFlagUse: HubSide['flagUse'] = {
  take: noEnvironment,
  bulk: () => {},
  seen: () => {},
  of: noEnvironment,
  history: noEnvironment,
  reach: noEnvironment,
}

const noFlags: HubSide['flags'] = {
  environments: async () => [],
  of: noEnvironment,
  history: async () => [],
  rolling: async () => null,
  looked: () => null,
  subscribe: () => () => undefined,
  schedules: {
    list: async () => [],
    add: async () => {
      throw new TroubleError({ what: 'this hub has no flags', now: 'ask another' })
    },
    cancel: async () => {},
  },
  keys: {
    create: async () => {
      throw new TroubleError({ what: 'this hub has no flags', now: 'ask another' })
    },
    check: async () => null,
    list: async () => [],
    revoke: async () => false,
  },
}

const flagless = {
  flags: noFlags,
  flagUse: noFlagUse,
  flagdFile: noEnvironment,
  graphPages: async () => [],
}

async function accept(kind: string, wish: Json): Promise<Readonly<{ target: string; wish: Json }>> {
  if (kind === 'deploy') return { target: 'shop@production', wish }
  throw new TroubleError({ what: `there is no kind of change called ${kind}`, now: 'use deploy' })
}

async function revertOf(
  change: ChangeId | null,
): Promise<Pick<Order, 'kind' | 'target' | 'wish' | 'reverts'>> {
  if (change === null) throw new TroubleError({ what: 'nothing to revert', now: 'deploy something first' })
  return { kind: 'deploy', target: 'shop@production', wish: {}, reverts: change }
}

const nothingMeasured = async (): Promise<never> => {
  throw new TroubleError({ what: 'this hub measures nothing', now: 'ask another' })
}

const noMetrics: HubSide['metrics'] = {
  take: nothingMeasured,
  write: nothingMeasured,
  ask: nothingMeasured,
  scrape: nothingMeasured,
  targets: async () => [],
  top: nothingMeasured,
  snapshot: nothingMeasured,
  clean: nothingMeasured,
}

const noWriteKeys: HubSide['writeKeys'] = {
  create: nothingMeasured,
  check: async () => null,
  list: async () => [],
  revoke: async () => false,
}

const nothingWatched: HubSide['watching'] = {
  targets: async () => ({ activeTargets: [], droppedTargets: [] }),
  rules: async () => ({ groups: [] }),
  alerts: async () => ({ alerts: [] }),
  settings: async () => ({ yaml: '', flags: {}, retention: '', isRead: true, readAt: 0 }),
  farReport: nothingMeasured,
}

const unmeasured: Pick<HubSide, 'metrics' | 'deleteSamples' | 'watching' | 'answered' | 'writeKeys'> = {
  metrics: noMetrics,
  deleteSamples: nothingMeasured,
  watching: nothingWatched,
  answered: () => {},
  writeKeys: noWriteKeys,
}

const noRuns = async (): Promise<never> => {
  throw new TroubleError({ what: 'this hub runs no jobs', now: 'ask another' })
}

const smallRuns: HubSide['runs'] = {
  order: noRuns,
  again: noRuns,
  cancel: noRuns,
  log: async () => ({ lines: [], next: 0, isOver: true }),
  subscribe: () => () => undefined,
}

const smallStatus: StatusView = {
  hub: { version: '0.0.1', startedAt: 0, project: '/srv/shop', entries: 0, recipes: [] },
  apps: [],
  hosts: [],
  lines: [],
}
