import { setTimeout as pause } from 'node:timers/promises'
import type { TeamConfig } from '../config/config.ts'
import { recipeReader } from '../config/infra/recipes.ts'
import type { DeployWorld } from '../deploy/deploy-world.ts'
import { deployKind } from '../deploy/kind.ts'
import { readScripts } from '../deploy/program/host-parts.ts'
import { readHostScripts } from '../infra/host/scripts.ts'
import type { InfraWorld } from '../infra/infra-world.ts'
import { infraKind } from '../infra/kind.ts'
import { Book } from '../flags/book.ts'
import { type FlagWorld, usualEnvironment } from '../flags/flag-world.ts'
import { flagSide } from '../flags/flag-side.ts'
import { type Hands, knobTurner } from '../flags/knob/turner.ts'
import { orderDue } from '../flags/schedule.ts'
import { flagKind } from '../flags/kind.ts'
import { type FlagUseHere, flagUse } from '../flags/use/use-side.ts'
import type { FlagSide } from '../api/wire/flags.ts'
import type { Kind } from '../pipeline/kind.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Remote } from '../remote/remote.ts'
import { settingsKey } from '../store/settings-key.ts'
import type { Store } from '../store/store.ts'
import { asOfCommits } from './infra/as-of.ts'
import { queryTrouble } from './flags/query-trouble.ts'
import type { HubOptions } from './options.ts'
import { readSecretsOf } from './secrets/read-secrets.ts'
import { packageVersion } from './version.ts'

type KindParts = Readonly<{
  options: HubOptions
  store: Store
  remote: Remote
  /** Opens another way to the hosts, which shares no connection with the first. */
  connect: () => Remote
  config: () => Promise<TeamConfig>
  /** What this hub has signed. */
  shelf: DeployWorld['shelf']
  /** The one number that a query answers with now. */
  measure: FlagWorld['measure']
}>

type Kinds = Readonly<{
  kinds: readonly Kind[]
  infra: InfraWorld
  flags: FlagsHere
}>

export type FlagsHere = Readonly<{
  book: Book
  side: FlagSide
  use: FlagUseHere
  /** Orders the flips that are due. */
  clock: (propose: Pipeline['propose']) => Promise<void>
  /** Turns the knobs that are bound to metrics. */
  turn: (hands: Hands) => Promise<void>
  close: () => Promise<void>
}>

/** A fourth kind of change is one line here. */
export async function makeKinds({
  options,
  store,
  remote,
  connect,
  config,
  shelf,
  measure,
}: KindParts): Promise<Kinds> {
  const { projectDir, stateDir } = options
  const deploy: DeployWorld = {
    remote,
    store,
    scripts: await readScripts(),
    projectDir,
    stateDir,
    version: await packageVersion(),
    shelf,
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
    sourceDir: projectDir,
    commit: null,
    isAgreed: true,
    strangers: [],
    config,
    recipes: recipeReader(projectDir),
    kept: new WeakMap(),
    secrets: () => readSecretsOf(options, 'infra'),
    asOf: asOfCommits({ options, config }),
    settingsKey: () => settingsKey(store.records),
    now: Date.now,
  }
  const flags = flagWorld({ store, config, measure })
  const book = new Book(store)
  return {
    kinds: [deployKind(deploy), infraKind(infra), flagKind(flags, book)],
    infra,
    flags: flagsHere(flags, book),
  }
}

function flagsHere(world: FlagWorld, book: Book): FlagsHere {
  const { turn, looked } = knobTurner(world.now, book)
  const side = flagSide(world, book, looked)
  const use = flagUse({ store: world.store, now: world.now, flags: side })
  const clock: FlagsHere['clock'] = (propose) => orderDue(world, book, propose)
  const close = async () => void (await Promise.all([book.close(), use.close()]))
  return { book, side, use, clock, turn, close }
}

function flagWorld({ store, config, measure }: Pick<KindParts, 'store' | 'config' | 'measure'>): FlagWorld {
  return {
    store,
    environments: () => environmentsIn(config),
    now: Date.now,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
    measure,
    queryTrouble,
  }
}

/** A switch must work also while `tandem.ts` cannot be read. */
async function environmentsIn(config: () => Promise<TeamConfig>): Promise<readonly string[]> {
  const read = await config().catch(() => null)
  const named = Object.values(read?.apps ?? {}).flatMap(({ environments }) => Object.keys(environments))
  return named.length === 0 ? [usualEnvironment] : [...new Set(named)]
}
