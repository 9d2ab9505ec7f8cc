import type { TeamConfig } from '../config/config.ts'
import { recipeReader } from '../config/recipes.ts'
import type { DeployWorld } from '../deploy/deploy-world.ts'
import { deployKind } from '../deploy/kind.ts'
import { readScripts } from '../deploy/program/host-parts.ts'
import { readHostScripts } from '../infra/host/scripts.ts'
import type { InfraWorld } from '../infra/infra-world.ts'
import { infraKind } from '../infra/kind.ts'
import type { Kind } from '../pipeline/kind.ts'
import type { Remote } from '../remote/remote.ts'
import { settingsKey } from '../store/settings-key.ts'
import type { Store } from '../store/store.ts'
import { asOfCommits } from './infra/as-of.ts'
import type { HubOptions } from './options.ts'
import { readSecretsOf } from './read-secrets.ts'
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
}>

type Kinds = Readonly<{ kinds: readonly Kind[]; infra: InfraWorld }>

/** A fourth kind of change is one line here. */
export async function makeKinds({
  options,
  store,
  remote,
  connect,
  config,
  shelf,
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
  return { kinds: [deployKind(deploy), infraKind(infra)], infra }
}
