import type { AppView } from '../../api/wire/wire.ts'
import type { TeamConfig } from '../../config/config.ts'
import type { Run, RunId } from '../../store/runs.ts'
import { distance } from '../../vcs/commit.ts'
import { type CommitStatus, statusOf } from '../../vcs/forges/status.ts'

/** Something to be told to the forge that holds a repository. */
export type News = Readonly<{ repo: string; commit: string; status: CommitStatus }>

type Apps = Pick<TeamConfig, 'apps'>

/** What a change that is over has made live, of apps that come from repositories. */
export function liveNews({ apps }: Apps, views: readonly AppView[], change: string): readonly News[] {
  return views.flatMap(({ app, environment, commit, change: last, hosts }) => {
    const repo = apps[app]?.repo
    if (last !== change || commit === null || repo === undefined) return []
    const place = { type: 'live', app, environment, hosts: hosts.length } as const
    return [{ repo, commit, status: statusOf({ ...place, state: 'success', path: `/changes/${change}` }) }]
  })
}

type Coming = Readonly<{ repo: string; /** The bare repository. */ dir: string; commit: string }>

/** What would go live with a commit: how far it is from what is live, wherever its repository is deployed to. */
export async function previewNews(
  { apps }: Apps,
  views: readonly AppView[],
  { repo, dir, commit }: Coming,
): Promise<readonly News[]> {
  const here = views.filter(({ app }) => apps[app]?.repo === repo)
  const news = await Promise.all(
    here.map(async ({ app, environment, commit: live }) => {
      const far = live === null ? { ahead: null, behind: 0 } : await distance(dir, live, commit)
      // What is live may be of another repository, or of a folder: then nobody can count.
      if (far === null) return []
      return [{ repo, commit, status: statusOf({ type: 'preview', app, environment, ...far }) }]
    }),
  )
  return news.flat()
}

/** Tells that a run waits, that it has begun and how it ended, each once: what its jobs do meanwhile is for its page. */
export function runTeller(tell: (news: News) => void): (run: Run) => void {
  const told = new Map<RunId, 'waiting' | 'running'>()
  return (run) => {
    const stage = run.jobs.every(({ status }) => status === 'waiting') ? 'waiting' : 'running'
    const last = told.get(run.id)
    if (run.outcome !== null) told.delete(run.id)
    else if (last === stage || last === 'running') return
    else told.set(run.id, stage)
    tell({ repo: run.repo, commit: run.commit, status: statusOf(run) })
  }
}
