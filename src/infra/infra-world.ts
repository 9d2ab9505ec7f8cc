import type { TeamConfig } from '../config/config.ts'
import type { RecipeReader } from '../config/infra/recipes.ts'
import type { Remote } from '../remote/remote.ts'
import type { Store } from '../store/store.ts'
import type { Said } from '../config/reading/said.ts'
import type { HostScripts } from './host/scripts.ts'
import type { FileStamps } from './look/repo-files.ts'
import type { Lowered } from './recipe/resource.ts'

/** Where recipes come from: the folder of the hub's own `tandem.ts` as it lies there, or a commit of its repository. */
export type InfraSource = Readonly<{
  /** The folder with `tandem.ts`, and with the files that recipes send. */
  sourceDir: string
  /** The whole hash; null = whatever lies in the folder. */
  commit: string | null
  /** It lies in the hub's own folder, or came to a protected branch: else none of its own commands looks at a host. */
  isAgreed: boolean
  /** Hosts that it names and that are left out of `config`: nobody has agreed that the hub goes there. */
  strangers: readonly string[]
  config: () => Promise<TeamConfig>
  recipes: RecipeReader
  /** What recipes were lowered to, by what they said. */
  kept: WeakMap<readonly Said[], Readonly<{ lowered: readonly Lowered[]; files: FileStamps }>>
  /** The values of the secrets of the infrastructure; throws a TroubleError when they cannot be read. */
  secrets: () => Promise<ReadonlyMap<string, string>>
}>

/** What the kind `apply` needs of the world. */
export type InfraWorld = InfraSource &
  Readonly<{
    remote: Remote
    /** Another way to the same hosts that shares no connection with the first: what confirms that the door still opens. */
    newConnections: () => Remote
    store: Store
    scripts: HostScripts
    /** The hub's own folder: local hosts keep their files in it, and keys of hosts are named from there. */
    projectDir: string
    /** The recipes as a commit, a branch or a tag has them; throws a TroubleError for what is not there. */
    asOf: (ref: string) => Promise<InfraSource>
    /** Names secrets in plans: their digests are keyed with it. */
    settingsKey: () => Promise<string>
    now: () => number
  }>

/** All of the infrastructure is one target: applies wait for each other, and hosts refuse the older of two. */
export const infraTarget = 'infra'
