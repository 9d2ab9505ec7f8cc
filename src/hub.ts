import { setTimeout as pause } from 'node:timers/promises'
import { userInfo } from 'node:os'
import { readFile } from 'node:fs/promises'
import type { HubSide } from './api/hub-side.ts'
import type { StatusView } from './api/wire.ts'
import { TroubleError } from './change/trouble.ts'
import { configReader } from './config/keep.ts'
import { recipeReader } from './config/recipes.ts'
import type { Secret } from './config/secret.ts'
import type { TeamConfig } from './config/config.ts'
import type { DeployWorld } from './deploy/deploy-world.ts'
import { readScripts } from './deploy/program/host-parts.ts'
import { deployKind } from './deploy/kind.ts'
import { watchDrift } from './infra/drift/drift-watch.ts'
import { hostViews } from './infra/host-views.ts'
import { readHostScripts } from './infra/host/scripts.ts'
import { infraSide } from './infra/infra-side.ts'
import type { InfraWorld } from './infra/infra-world.ts'
import { infraKind } from './infra/kind.ts'
import { appViews } from './deploy/status.ts'
import { openForgeSide } from './hub/forge-side.ts'
import { readSecretsOf } from './hub/read-secrets.ts'
import { fencesTold } from './pipeline/attempt.ts'
import { healOnce } from './pipeline/heal.ts'
import { kindOf } from './pipeline/job.ts'
import type { Kind } from './pipeline/kind.ts'
import { makePipeline, type Pipeline } from './pipeline/pipeline.ts'
import { revertOrder } from './pipeline/revert-order.ts'
import { openTail } from './pipeline/tail.ts'
import type { World } from './pipeline/world.ts'
import { openRemote } from './remote/open.ts'
import type { HostAddress, Remote } from './remote/remote.ts'
import { thisProcess } from './store/holder.ts'
import { openStore } from './store/open.ts'
import { settingsKey } from './store/settings-key.ts'
import type { Store } from './store/store.ts'

export type HubOptions = Readonly<{
  /** The folder with `tandem.ts`. */
  projectDir: string
  /** The folder that everything is stored in. */
  stateDir: string
  /** Reads tandem.ts; for those who have read it already. */
  config?: () => Promise<TeamConfig>
  /** A `hub` runs on and heals; a `cli` carries out its own orders and ends. */
  kind: 'hub' | 'cli'
  /** Asked for a host whose sudo wants a password. */
  sudoPassword?: (host: HostAddress) => Promise<string>
  /** The key that opens the team's secrets; asked for when an app needs them. */
  identity: () => Promise<Secret>
  /** Called for what is a bug of ours: it is shown, and the hub goes on with everything else. */
  broke?: (thrown: unknown) => void
  /** Says a line to whoever looks at the terminal of the hub. */
  tell?: (line: string) => void
}>

export type Hub = Readonly<{
  side: HubSide
  /** Takes up what dead processes left open, and keeps watch. */
  start: () => Promise<void>
  /** Takes no orders any more, resumes nothing and heals nothing; what waits in line is left to the next hub. */
  retire: () => void
  driving: Pipeline['driving']
  /** Resolves when no change is being driven here. */
  idle: () => Promise<void>
  close: () => Promise<void>
}>

const beatMs = 3_000
const resumeMs = 2_000
const healMs = 4_000
/** How often we ask ourselves whether a look at the hosts is due. */
const driftLookMs = 20_000
const forgesMs = 1_000

/** The composition root: the only place that knows everybody. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const broke = options.broke ?? ((thrown: unknown) => process.stderr.write(`${String(thrown)}\n`))
  const store = await openStore(options.stateDir)
  const config = options.config ?? configReader(options.projectDir)
  const connect = () =>
    openRemote({ stateDir: options.stateDir, sudoPassword: options.sudoPassword ?? noPassword })
  const remote = connect()
  const { kinds, infra } = await makeKinds({ options, store, remote, connect, config })
  const world = makeWorld(options, store, kinds)
  const forges = await openForgeSide({ options, store, config, broke })
  const [stopping, retiring] = [new AbortController(), new AbortController()]
  const people: People = { known: {} }
  await lookAtPeople(people, config)
  const pipeline = makePipeline(world, (_change, thrown) => {
    // A change that still runs when we end is taken up by the next hub: that we can write no more is no bug.
    if (!stopping.signal.aborted) broke(thrown)
  })
  const tail = await openTail(store, broke)
  tail.subscribe({ entry: pipeline.heard, aside: () => {}, log: () => {} })
  await store.leases.beat(world.holder, Date.now())
  const loops = [every(beatMs, () => store.leases.beat(world.holder, Date.now()), stopping.signal, broke)]

  return {
    side: await makeSide({
      options,
      store,
      world,
      pipeline,
      config,
      people,
      infra,
      forges: forges.side,
      subscribe: tail.subscribe,
    }),
    start: async () => {
      await pipeline.resume()
      if (options.kind !== 'hub') return
      loops.push(every(resumeMs, () => pipeline.resume(), retiring.signal, broke))
      // Who was taken out of tandem.ts loses what they may do, also while the hub runs on.
      loops.push(every(resumeMs, () => lookAtPeople(people, config), stopping.signal, broke))
      loops.push(every(healMs, () => healOnce(world, pipeline), retiring.signal, broke))
      loops.push(every(driftLookMs, () => watchDrift(infra, pipeline.propose), retiring.signal, broke))
      loops.push(every(forgesMs, () => forges.tick(), stopping.signal, broke))
    },
    retire: () => {
      retiring.abort()
      pipeline.retire()
    },
    driving: pipeline.driving,
    idle: pipeline.idle,
    close: async () => {
      retiring.abort()
      stopping.abort()
      tail.close()
      await Promise.all([...loops, forges.close()])
      // Together: steps that end because we leave their hosts must not be written down as if they had failed.
      await Promise.all([store.close(), remote.close()])
    },
  }
}

function makeWorld(options: HubOptions, store: Store, kinds: readonly Kind[]): World {
  return {
    store,
    kinds: new Map(kinds.map((kind) => [kind.name, kind])),
    holder: thisProcess(options.kind),
    now: Date.now,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
    announce: async () => [{ room: 'stream', trouble: null }],
  }
}

/** Does `work` again and again with a pause between, until it is aborted. */
async function every(
  ms: number,
  work: () => Promise<unknown>,
  signal: AbortSignal,
  broke: (thrown: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await pause(ms, undefined, { signal, ref: false }).catch(() => undefined)
    if (!signal.aborted) await work().catch(broke)
  }
}

type KindParts = Readonly<{
  options: HubOptions
  store: Store
  remote: Remote
  /** Opens another way to the hosts, which shares no connection with the first. */
  connect: () => Remote
  config: () => Promise<TeamConfig>
}>

type Kinds = Readonly<{ kinds: readonly Kind[]; infra: InfraWorld }>

/** A fourth kind of change is one line here. */
async function makeKinds({ options, store, remote, connect, config }: KindParts): Promise<Kinds> {
  const { projectDir, stateDir } = options
  const deploy: DeployWorld = {
    remote,
    store,
    scripts: await readScripts(),
    projectDir,
    stateDir,
    config,
    secrets: (environment) => readSecretsOf(options, environment),
    settingsKey: () => settingsKey(store.records),
  }
  const infra: InfraWorld = {
    remote,
    newConnections: connect,
    store,
    scripts: await readHostScripts(),
    projectDir,
    config,
    recipes: recipeReader(projectDir),
    kept: new WeakMap(),
    secrets: () => readSecretsOf(options, 'infra'),
    settingsKey: () => settingsKey(store.records),
    now: Date.now,
  }
  return { kinds: [deployKind(deploy), infraKind(infra)], infra }
}

async function noPassword(host: HostAddress): Promise<string> {
  throw new TroubleError({
    what: `sudo on ${host.name} asks for a password and nobody is there to type it`,
    host: host.name,
    now: 'set TANDEM_SUDO_PASSWORD for the hub, or allow this user to use sudo without one',
  })
}

/** Who may do what, as `tandem.ts` last said it without a mistake. */
type People = { known: TeamConfig['people'] }

async function lookAtPeople(people: People, config: () => Promise<TeamConfig>): Promise<void> {
  const read = await config().catch(() => null)
  if (read !== null) people.known = read.people
}

type SideParts = Readonly<{
  options: HubOptions
  store: Store
  world: World
  pipeline: Pipeline
  config: () => Promise<TeamConfig>
  people: Readonly<People>
  infra: InfraWorld
  forges: HubSide['forges']
  subscribe: HubSide['subscribe']
}>

async function makeSide({
  options,
  store,
  world,
  pipeline,
  config,
  people,
  infra,
  forges,
  subscribe,
}: SideParts): Promise<HubSide> {
  const startedAt = Date.now()
  const version = await packageVersion()
  const status = async (): Promise<StatusView> => {
    const read = await config()
    const left = await fencesTold(world)
    const entries = await store.ledger.lastSeq()
    return {
      hub: { version, startedAt, project: options.projectDir, entries, recipes: read.roles },
      apps: await appViews(store, read, left),
      hosts: await hostViews(store, read, left),
      lines: await store.leases.lines(),
    }
  }
  return {
    version,
    store,
    accept: (kind, wish) => kindOf(world, kind).accept(wish),
    plan: pipeline.plan,
    propose: pipeline.propose,
    revertOf: (change, target) => revertOrder(world, change, target),
    stop: pipeline.stop,
    overrule: pipeline.overrule,
    status,
    infra: infraSide(infra),
    forges,
    may: (person) => people.known[person]?.may ?? (person === userInfo().username ? 'everything' : null),
    subscribe,
  }
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
