import { useState } from 'preact/hooks'
import type { RepoView } from '../../../api/wire/code.ts'
import { CommitLine } from '../../parts/code/commit-line.tsx'
import { LivePlaces } from '../../parts/code/live-places.tsx'
import { NewRepoDialog } from '../../parts/code/new-repo-dialog.tsx'
import { useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { RunBadge } from '../../parts/runs/run-badge.tsx'
import { TroubleView } from '../../parts/trouble-view.tsx'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { runAddress, treeAddress } from '../../state/code/route.ts'
import { bytesWords, many } from '../../words/code/code-words.ts'
import { runLookOf } from '../../words/code/run-words.ts'

/** Every repository of the team: its newest commit, how its last run went, and where it is live. */
export function ReposPage() {
  const repos = useModel((model) => model.repos)
  const trouble = useModel((model) => model.reposTrouble)
  usePageTitle('Code')
  return (
    <>
      <PageHead title="Code">
        <NewRepo />
      </PageHead>
      {trouble !== null && <TroubleView trouble={trouble} />}
      {repos?.length === 0 && (
        <div class="nothing">
          <p>There is no repository yet.</p>
          <p class="quiet">
            <code>tandem repo new NAME</code> makes one; <code>repos</code> in <code>tandem.ts</code> says
            more about it.
          </p>
        </div>
      )}
      {repos !== null && repos.length > 0 && (
        <ol class="repos">
          {repos.map((repo) => (
            <RepoRow key={repo.repo} repo={repo} />
          ))}
        </ol>
      )}
    </>
  )
}

function RepoRow({ repo }: Readonly<{ repo: RepoView }>) {
  // The run may have gone on since the list was loaded.
  const run = useModel(({ runs }) =>
    repo.lastRun === null ? null : (runs.get(repo.lastRun.id) ?? repo.lastRun),
  )
  return (
    <li class="repo-row">
      <div class="section-head">
        <h2>
          <Link to={treeAddress(repo.repo, null, '')}>{repo.repo}</Link>
          {repo.isInfra && <span class="tag">infrastructure</span>}
          {repo.forge !== null && <span class="tag">{repo.forge.kind}</span>}
        </h2>
        {run !== null && (
          <Link to={runAddress(run.id, null)} class="repo-run">
            <RunBadge look={runLookOf(run)} /> <span class="id">{run.id}</span>
          </Link>
        )}
      </div>
      {repo.head === null ? (
        <p class="quiet">Nothing was pushed to it yet.</p>
      ) : (
        <CommitLine repo={repo.repo} commit={repo.head} />
      )}
      <p class="repo-facts quiet">
        <span>{many(repo.branches, 'branch', 'branches')}</span>
        <span>{bytesWords(repo.bytes)}</span>
        {repo.mirrors.some(({ trouble }) => trouble !== null) && (
          <span class="tone-bad state-word">a mirror does not work</span>
        )}
      </p>
      <LivePlaces repo={repo} />
    </li>
  )
}

function NewRepo() {
  const may = useModel((model) => model.me?.may ?? 'look')
  const [isAsking, ask] = useState(false)
  if (may !== 'everything') return null
  return (
    <div class="actions">
      <button type="button" onClick={() => ask(true)}>
        New repository
      </button>
      {isAsking && <NewRepoDialog onClose={() => ask(false)} />}
    </div>
  )
}
