import type { HubSide } from '../../api/hub-side.ts'
import type { Shelf } from '../../ci/provenance/shelf.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { InfraWorld } from '../../infra/infra-world.ts'
import { kindOf } from '../../pipeline/job.ts'
import type { World } from '../../pipeline/world.ts'
import type { Store } from '../../store/store.ts'
import { type ForgesHere, openForgeSide } from './forge-side.ts'
import { planOfCommit } from '../infra/commit-plan.ts'
import { CommitPlans } from '../infra/commit-plans.ts'
import { followTrunk, type Following } from '../infra/follow-trunk.ts'
import type { HubOptions } from '../options.ts'
import { type Keeping, openKeeping } from '../kept/keeping.ts'
import { openRuns, type RunsHere } from '../ci/run-side.ts'

type Parts = Readonly<{
  options: HubOptions
  store: Store
  config: () => Promise<TeamConfig>
  shelf: () => Promise<Shelf>
  world: Pick<World, 'kinds' | 'now'>
  infra: InfraWorld
  broke: (thrown: unknown) => void
}>

/** What is done with commits wherever they come from: their jobs run, and those of the infrastructure are planned. */
export type CodeHere = Readonly<{
  runs: RunsHere
  keeping: Keeping
  plans: CommitPlans
  following: Following
  planOf: CommitPlans['of']
  forges: ForgesHere
  side: Pick<HubSide, 'forges' | 'releases'>
  moved: RunsHere['moved']
  close: () => Promise<void>
}>

export async function openCode({ shelf, world, infra, ...given }: Parts): Promise<CodeHere> {
  const { stateDir } = given.options
  const keeping = openKeeping({ ...given, stateDir, shelf, now: world.now })
  const runs = openRuns({ ...given, shelf, kept: keeping.runs })
  const apply = kindOf(world, 'apply')
  const plans = new CommitPlans({
    ...given,
    plan: (commit, signal) => planOfCommit({ infra, apply }, commit, signal),
    isOfTeam: (repo, ref) => forges.isOfTeam(repo, ref),
    now: world.now,
  })
  const { options, broke } = given
  const following = followTrunk({
    ...options,
    ...given,
    asOf: infra.asOf,
    now: world.now,
    tell: options.tell ?? broke,
  })
  const moved: RunsHere['moved'] = async (push) => {
    // First the hub's own folder: what is said of the commit is said by the `tandem.ts` that came with it.
    await following.moved(push).catch(broke)
    await plans.moved(push)
    return runs.moved(push)
  }
  const forges = await openForgeSide({ ...given, runs: { ...runs, moved }, plans })
  return {
    runs,
    keeping,
    plans,
    following,
    planOf: (repo, commit) => plans.of(repo, commit),
    forges,
    side: { forges: forges.side, releases: keeping.view },
    moved,
    close: async () => {
      await Promise.all([forges.close(), runs.close(), plans.close()])
    },
  }
}
