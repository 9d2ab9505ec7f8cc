import type { TeamConfig } from '../config/config.ts'
import type { RecipeReader } from '../config/recipes.ts'
import type { Remote } from '../remote/remote.ts'
import type { Store } from '../store/store.ts'
import type { Said } from '../config/said.ts'
import type { HostScripts } from './host/scripts.ts'
import type { FileStamps } from './look/repo-files.ts'
import type { Lowered } from './recipe/resource.ts'

/** What the kind `apply` needs of the world. */
export type InfraWorld = Readonly<{
  remote: Remote
  /** Another way to the same hosts that shares no connection with the first: what confirms that the door still opens. */
  newConnections: () => Remote
  store: Store
  scripts: HostScripts
  projectDir: string
  config: () => Promise<TeamConfig>
  recipes: RecipeReader
  /** What recipes were lowered to, by what they said. */
  kept: WeakMap<readonly Said[], Readonly<{ lowered: readonly Lowered[]; files: FileStamps }>>
  /** The values of the secrets of the infrastructure; throws a TroubleError when they cannot be read. */
  secrets: () => Promise<ReadonlyMap<string, string>>
  /** Names secrets in plans: their digests are keyed with it. */
  settingsKey: () => Promise<string>
  now: () => number
}>

/** All of the infrastructure is one target: applies wait for each other, and hosts refuse the older of two. */
export const infraTarget = 'infra'
