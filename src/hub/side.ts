import type { HubSide } from '../api/hub-side.ts'
import type { StatusView } from '../api/wire/wire.ts'
import type { TeamConfig } from '../config/config.ts'
import { appViews } from '../deploy/status.ts'
import { hostViews } from '../infra/host-views.ts'
import { flagdFile } from '../flags/flagd-file.ts'
import { infraSide } from '../infra/infra-side.ts'
import type { InfraWorld } from '../infra/infra-world.ts'
import { fencesTold } from '../pipeline/attempt.ts'
import { kindOf } from '../pipeline/job.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { revertOrder } from '../pipeline/revert-order.ts'
import type { World } from '../pipeline/world.ts'
import type { Store } from '../store/store.ts'
import type { FlagsHere } from './kinds.ts'
import type { HubOptions } from './options.ts'
import { packageVersion } from './version.ts'
import { mayOf, type Team } from './team.ts'

type SideParts = Readonly<{
  options: HubOptions
  store: Store
  world: World
  pipeline: Pipeline
  config: () => Promise<TeamConfig>
  team: Readonly<Team>
  infra: InfraWorld
  flags: FlagsHere
  forges: HubSide['forges']
  train: HubSide['train']
  releases: HubSide['releases']
  repos: HubSide['repos']
  runs: HubSide['runs']
  metrics: Pick<HubSide, 'metrics' | 'watching' | 'deleteSamples' | 'answered' | 'writeKeys'>
  subscribe: HubSide['subscribe']
}>

/** What the API asks of the hub. */
export async function makeSide({
  options,
  store,
  world,
  pipeline,
  config,
  team,
  infra,
  flags,
  forges,
  train,
  releases,
  repos,
  runs,
  metrics,
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
    flags: flags.side,
    flagUse: flags.use,
    flagdFile: flagdFile(flags.side),
    forges,
    train,
    releases,
    repos,
    runs,
    ...metrics,
    graphPages: async () => (await config()).metrics.pages,
    may: (person) => mayOf(team, person),
    subscribe,
  }
}
