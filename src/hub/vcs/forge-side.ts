import type { ForgeSide } from '../../api/hub-side.ts'
import type { Entry } from '../../change/entry.ts'
import type { TeamConfig } from '../../config/config.ts'
import { appViews } from '../../deploy/status.ts'
import type { Store } from '../../store/store.ts'
import { type Forges, openForges } from '../../vcs/forges/forges.ts'
import { viewOf } from '../../vcs/forges/view.ts'
import { silentRelay } from '../../vcs/push.ts'
import { prepareRepo, repoDir } from '../../vcs/repository.ts'
import { liveNews, type News, previewNews, runTeller } from './forge-news.ts'
import type { CommitPlans } from '../infra/commit-plans.ts'
import { takePush } from '../push/take.ts'
import type { RunsHere } from '../ci/run-side.ts'
import { readSecretsOf } from '../secrets/read-secrets.ts'

type Parts = Readonly<{
  options: Parameters<typeof readSecretsOf>[0] & Readonly<{ stateDir: string; tell?: (line: string) => void }>
  store: Store
  config: () => Promise<TeamConfig>
  /** Told of each ref that has moved, once it is written down; what becomes of its run is told to the forge. */
  runs: Pick<RunsHere, 'moved' | 'subscribe'>
  plans: Pick<CommitPlans, 'subscribe'>
  broke: (thrown: unknown) => void
}>

export type ForgesHere = Forges &
  Readonly<{
    side: ForgeSide
    /** To be told of each entry of the ledger: what went live is told to the forge of its repository. */
    heard: (entry: Entry) => void
  }>

/** The forges, and what the API asks of them. */
export async function openForgeSide({
  options,
  store,
  config,
  runs,
  plans,
  broke,
}: Parts): Promise<ForgesHere> {
  const dirOf = (repo: string) => repoDir(options.stateDir, repo)
  const tellAll = async (news: readonly News[]): Promise<void> => {
    for (const { repo, commit, status } of news) await forges.say(repo, commit, status)
  }
  const forges = await openForges({
    config,
    records: store.records,
    secrets: () => readSecretsOf(options, 'infra'),
    prepare: async (repo, known) => {
      await prepareRepo(options.stateDir, repo, known)
      return dirOf(repo)
    },
    pushed: async ({ repo, ...push }) => {
      // Who pushed there is told by the forge.
      await takePush({ store, moved: runs.moved, tell: () => {} }, { repo, ...push }, silentRelay())
      if (push.to === null || push.ref.startsWith('refs/tags/')) return
      // While somebody is writing tandem.ts nobody can say what would go live.
      const team = await config().catch(() => null)
      if (team === null) return
      const coming = { repo, dir: dirOf(repo), commit: push.to }
      await tellAll(await previewNews(team, await appViews(store, team, []), coming))
    },
    now: Date.now,
    tell: options.tell ?? broke,
    broke,
  })
  const tell = (news: News): void => void tellAll([news]).catch(broke)
  runs.subscribe(runTeller(tell))
  plans.subscribe(tell)
  const tellLive = async (change: string): Promise<void> => {
    const team = await config()
    await tellAll(liveNews(team, await appViews(store, team, []), change))
  }
  return {
    ...forges,
    side: { take: forges.take, view: async (repo: string) => viewOf(repo, await config(), forges) },
    heard: ({ type, change }) => {
      if (type === 'finished') tellLive(change).catch(broke)
    },
  }
}
