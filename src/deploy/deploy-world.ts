import { resolve } from 'node:path'
import { type Change, changeOf } from '../change/change.ts'
import { TroubleError } from '../change/trouble.ts'
import type { TeamConfig } from '../config/config.ts'
import { findApp } from '../config/find.ts'
import type { Shelf } from '../ci/provenance/shelf.ts'
import type { Remote } from '../remote/remote.ts'
import type { Store } from '../store/store.ts'
import { repoDir } from '../vcs/repository.ts'
import type { Deployment } from './deployment.ts'
import type { Scripts } from './program/host-parts.ts'

/** What the kind `deploy` needs of the world. */
export type DeployWorld = Readonly<{
  remote: Remote
  store: Store
  scripts: Scripts
  projectDir: string
  stateDir: string
  /** Of the hub. */
  version: string
  /** What the hub has signed of its releases. */
  shelf: () => Promise<Shelf>
  config: () => Promise<TeamConfig>
  /** The values of the secrets that an environment has; throws a TroubleError when they cannot be read. */
  secrets: (environment: string) => Promise<ReadonlyMap<string, string>>
  /** Names settings and secrets in plans: their digests are keyed with it. */
  settingsKey: () => Promise<string>
}>

const changesRead = 200

/** The finished changes of a target, oldest first: as many as anybody would go back. */
export async function doneChanges(store: Store, target: string): Promise<readonly Change[]> {
  const ids = await store.ledger.changes({ target, before: null, limit: changesRead })
  const changes = await Promise.all(ids.map(async (id) => changeOf(await store.ledger.of(id), null)))
  return changes.filter(({ status }) => status === 'done').toReversed()
}

/** Where the commits of an app are: in the repository that the hub holds, or in a folder beside `tandem.ts`. */
export function repoOf(
  world: Pick<DeployWorld, 'projectDir' | 'stateDir'>,
  config: TeamConfig,
  app: string,
): string {
  const { repo } = findApp(config, app)
  return config.repos[repo] === undefined ? resolve(world.projectDir, repo) : repoDir(world.stateDir, repo)
}

/** The values that an app's processes get, by name. Nothing is read for an app that asks for none. */
export async function secretsOf(
  world: DeployWorld,
  { spec, environment, app }: Pick<Deployment, 'spec' | 'environment' | 'app'>,
): Promise<ReadonlyMap<string, string>> {
  if (spec.secrets.length === 0) return new Map()
  const all = await world.secrets(environment)
  const missing = spec.secrets.filter((name) => !all.has(name))
  if (missing.length > 0) {
    throw new TroubleError({
      what: `${app} asks for secrets that ${environment} does not have: ${missing.join(', ')}`,
      where: `secrets/${environment}.env.age`,
      now: `set them: tandem secret set ${missing[0] ?? ''}`,
    })
  }
  return new Map(spec.secrets.map((name) => [name, all.get(name) ?? '']))
}
