import { setTimeout as pause } from 'node:timers/promises'
import type { HubSide } from './api/hub-side.ts'
import type { Written } from './change/occurrence.ts'
import { configReader } from './config/reading/keep.ts'
import { codeSide } from './hub/vcs/code-side.ts'
import { every } from './hub/every.ts'
import { type FlagsHere, makeKinds } from './hub/kinds.ts'
import { noPassword } from './hub/no-password.ts'
import { measure } from './hub/flags/measure.ts'
import { openMetrics } from './hub/metrics/metrics.ts'
import type { HubOptions } from './hub/options.ts'
import { shelfIn } from './hub/ci/shelf.ts'
import { type CodeHere, openCode } from './hub/vcs/open-code.ts'
import { openTeam } from './hub/open-team.ts'
import { openListeners } from './hub/push/listeners.ts'
import { makeSide } from './hub/side.ts'
import { packageVersion } from './hub/version.ts'
import { openTrain, stirs } from './hub/ci/train-side.ts'
import { watchDrift } from './infra/drift/drift-watch.ts'
import type { InfraWorld } from './infra/infra-world.ts'
import { healOnce } from './pipeline/heal.ts'
import type { Kind } from './pipeline/kind.ts'
import { makePipeline, type Pipeline } from './pipeline/pipeline.ts'
import { openTail } from './pipeline/tail.ts'
import type { World } from './pipeline/world.ts'
import { openRemote } from './remote/open.ts'
import { thisProcess } from './store/holder.ts'
import { openStore } from './store/open.ts'
import type { Store } from './store/store.ts'
import type { Repos } from './vcs/repos.ts'

export type Hub = Readonly<{
  side: HubSide
  /** Takes up what dead processes left open, and keeps watch. */
  start: () => Promise<void>
  /** Takes no orders any more, resumes nothing and heals nothing; what waits in line is left to the next hub. */
  retire: () => void
  driving: Pipeline['driving']
  /** Resolves when no change is being driven here. */
  idle: () => Promise<void>
  /** Sends those away who wait at the end of a push, with a word on where it goes on. */
  letGo: () => Promise<void>
  close: () => Promise<void>
}>

const beatMs = 3_000
const resumeMs = 2_000
const healMs = 4_000
/** How often we ask ourselves whether a look at the hosts is due. */
const driftLookMs = 20_000
const forgesMs = 1_000
const plansMs = 1_000
const useMs = 5_000
const trainMs = 100
const flagClockMs = 500
const knobMs = 500
const refsLookMs = 30_000
const mirrorsMs = 1_000
const tidyMs = 10 * 60_000

/** The composition root: the only place that knows everybody. */
export async function openHub(options: HubOptions): Promise<Hub> {
  const broke = options.broke ?? ((thrown: unknown) => process.stderr.write(`${String(thrown)}\n`))
  const store = await openStore(options.stateDir)
  const config = options.config ?? configReader(options.projectDir)
  const connect = () => remoteOf(options)
  const remote = connect()
  const shelf = shelfIn(options.stateDir)
  const given = { options, store, config, broke }
  const metrics = await openMetrics({ ...given, remote, version: await packageVersion() })
  const measured = (query: string) => measure(metrics.sides.metrics, query)
  const { kinds, infra, flags } = await makeKinds({ ...given, remote, connect, shelf, measure: measured })
  const world = makeWorld(options, store, kinds)
  const code = await openCode({ ...given, shelf, world, infra })
  const { runs, planOf, moved } = code
  const addRepo = repoAdder(options)
  const [stopping, retiring] = [new AbortController(), new AbortController()]
  // A change that still runs when we end is taken up by the next hub: that we can write no more is no bug.
  const pipeline = makePipeline(world, (_, thrown) => stopping.signal.aborted || broke(thrown))
  const train = openTrain({ world, config, propose: pipeline.propose, planOf })
  const listeners = openListeners({ ...given, runs, train, world, planOf })
  const kept = { needed: code.keeping.commits, tell: listeners.tell }
  const { team, repos, heed } = await openTeam({ ...given, ...kept, world, moved, stopping })
  const tail = await openTail(store, broke)
  runs.subscribe(train.stir)
  const altered = (): void => void flags.book.heard().catch(broke)
  spread(tail, train, [pipeline.heard, code.forges.heard, altered, metrics.heard])
  const known = { ...given, world, pipeline, team, infra, flags, runs, metrics: metrics.sides, measured }
  await store.leases.beat(world.holder, Date.now())
  const loops = [every(beatMs, () => store.leases.beat(world.holder, Date.now()), stopping.signal, broke)]

  return {
    side: await makeSide({
      ...known,
      ...code.side,
      train: train.side,
      repos: codeSide({ stateDir: options.stateDir, store, config, ...code, repos, addRepo }),
      subscribe: tail.subscribe,
    }),
    start: async () => {
      await pipeline.resume()
      if (options.kind !== 'hub') return
      metrics.start()
      // Who asks for flags first shall not wait for the ledger to be read.
      await flags.book.catchUp()
      await repos.start()
      loops.push(...keepWatch({ ...known, code, repos, heed, train }, { stopping, retiring, broke }))
    },
    retire: () => {
      retiring.abort()
      pipeline.retire()
    },
    driving: pipeline.driving,
    idle: pipeline.idle,
    letGo: listeners.letGo,
    close: async () => {
      for (const each of [retiring, stopping]) each.abort()
      tail.close()
      await listeners.letGo()
      await Promise.all([...loops, repos.close(), code.close(), flags.close(), metrics.close()])
      // Together: steps that end because we leave their hosts must not be written down as if they had failed.
      await Promise.all([store.close(), remote.close()])
    },
  }
}

type Tail = Awaited<ReturnType<typeof openTail>>
type Heard = Parameters<Tail['subscribe']>[0]['entry']

/** Who hears of what was written down, here and by other processes. */
function spread(
  tail: Tail,
  train: Pick<ReturnType<typeof openTrain>, 'stir'>,
  heard: readonly Heard[],
): void {
  const stir = (written: Written): void => void (stirs(written) && train.stir())
  tail.subscribe({ entry: stir, aside: stir, log: () => {} })
  for (const entry of heard) tail.subscribe({ entry, aside: () => {}, log: () => {} })
}

type Watched = Readonly<{
  world: World
  pipeline: Pipeline
  infra: InfraWorld
  repos: Pick<Repos, 'look' | 'mirror' | 'tidy'>
  heed: () => Promise<void>
  train: Pick<ReturnType<typeof openTrain>, 'tick'>
  code: CodeHere
  flags: Pick<FlagsHere, 'use' | 'clock' | 'turn'>
  measured: (query: string) => Promise<number | null>
}>

type Ends = Readonly<{
  stopping: AbortController
  retiring: AbortController
  broke: (thrown: unknown) => void
}>

/** What a hub does again and again, some of it until it retires and some until it stops. */
function keepWatch(
  { world, pipeline, infra, repos, heed, train, code, flags, measured }: Watched,
  { stopping, retiring, broke }: Ends,
): readonly Promise<void>[] {
  const { propose } = pipeline
  const turn = () => flags.turn({ propose, measure: measured })
  return [
    repos.look().catch(broke),
    every(refsLookMs, repos.look, stopping.signal, broke),
    code.following.look().catch(broke),
    every(refsLookMs, code.following.look, stopping.signal, broke),
    every(mirrorsMs, repos.mirror, stopping.signal, broke),
    every(tidyMs, repos.tidy, stopping.signal, broke),
    every(tidyMs, code.keeping.sweep, retiring.signal, broke),
    every(resumeMs, () => pipeline.resume(), retiring.signal, broke),
    // Who was taken out of tandem.ts loses what they may do, also while the hub runs on.
    every(resumeMs, heed, stopping.signal, broke),
    every(healMs, () => healOnce(world, pipeline), retiring.signal, broke),
    every(driftLookMs, () => watchDrift(infra, pipeline.propose), retiring.signal, broke),
    every(trainMs, () => train.tick(), retiring.signal, broke),
    code.runs.goOn(retiring.signal),
    every(forgesMs, () => code.forges.tick(), stopping.signal, broke),
    every(plansMs, async () => code.plans.tick(), retiring.signal, broke),
    every(useMs, flags.use.gather, stopping.signal, broke),
    every(flagClockMs, () => flags.clock(propose), retiring.signal, broke),
    every(knobMs, turn, retiring.signal, broke),
  ]
}

const repoAdder =
  ({ projectDir }: HubOptions) =>
  async (name: string) =>
    (await import('./config/edit/add-host.ts')).addRepo(projectDir, name)

const remoteOf = ({ stateDir, sudoPassword = noPassword }: HubOptions) =>
  openRemote({ stateDir, sudoPassword })

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
