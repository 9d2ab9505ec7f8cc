import type { TeamConfig } from '../config/config.ts'
import type { World } from '../pipeline/world.ts'
import type { Store } from '../store/store.ts'
import { openRepos, type Repos, type ReposWorld } from '../vcs/repos.ts'
import { valuesOfSecrets } from './secrets/all-secrets.ts'
import type { HubOptions } from './options.ts'
import { type PushWorld, takePush } from './push/take.ts'
import type { RunsHere } from './ci/run-side.ts'
import { lookAtTeam, mayOf, type Team } from './team.ts'

type Parts = Readonly<{
  options: HubOptions
  store: Store
  config: () => Promise<TeamConfig>
  world: Pick<World, 'sleep'>
  moved: RunsHere['moved']
  tell: PushWorld['tell']
  needed: ReposWorld['needed']
  stopping: AbortController
  broke: (thrown: unknown) => void
}>

/** What `tandem.ts` says now, and the repositories of the team, which are made and ruled by it. */
export type OpenTeam = Readonly<{
  team: Readonly<Team>
  repos: Repos
  /** Looks whether `tandem.ts` says something else by now. */
  heed: () => Promise<void>
}>

/** Reads it for the first time. Only a hub that runs on keeps repositories. */
export async function openTeam({
  options,
  store,
  config,
  world,
  moved,
  tell,
  needed,
  stopping,
  broke,
}: Parts): Promise<OpenTeam> {
  const team: Team = { known: null }
  const repos = await openRepos({
    stateDir: options.stateDir,
    store,
    may: (person) => mayOf(team, person),
    secrets: () => valuesOfSecrets(options, team.known),
    pushed: (pushed, relay) => takePush({ store, moved, tell }, pushed, relay),
    needed,
    now: Date.now,
    sleep: (ms) => world.sleep(ms, stopping.signal),
    broke,
  })
  const heed = () => lookAtTeam(team, config, options.kind === 'hub' ? repos : null)
  await heed()
  return { team, repos, heed }
}
