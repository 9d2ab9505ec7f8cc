import type { CommitDetail } from '../../../api/wire/code.ts'
import { CommitFacts } from '../../parts/code/commit-facts.tsx'
import { CommitPlanView } from '../../parts/code/commit-plan-view.tsx'
import { DiffView } from '../../parts/code/diff-view.tsx'
import { LiveList } from '../../parts/code/live-list.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { RunRow } from '../../parts/runs/run-row.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { commitsAddress, treeAddress } from '../../state/code/route.ts'
import { shortHash } from '../../words/code/code-words.ts'

type Which = Readonly<{ repo: string; hash: string; isSplit: boolean }>

/** One commit: what it says, what it alters, how its runs went, and where it is live. */
export function CommitPage({ repo, hash, isSplit }: Which) {
  const { api } = useHub()
  const news = useModel(({ codeNews, status }) => `${codeNews} ${status?.hub.entries ?? 0}`)
  const detail = useLoaded(`${repo} ${hash}`, news, () => api.commit(repo, hash))
  usePageTitle(`${shortHash(hash)} ${repo}`)
  return (
    <article class="change commit-page">
      <p class="crumb">
        <Link to="/repos">Code</Link> <span aria-hidden="true">/</span>{' '}
        <Link to={treeAddress(repo, null, '')}>{repo}</Link> <span aria-hidden="true">/</span>{' '}
        <Link to={commitsAddress(repo, null, '')}>commits</Link> <span aria-hidden="true">/</span>{' '}
        {shortHash(hash)}
      </p>
      {detail.answer === null && (
        <PageHead title={detail.trouble === null ? shortHash(hash) : `${shortHash(hash)} cannot be shown`} />
      )}
      <Loading of={detail}>{(answer) => <Whole repo={repo} detail={answer} isSplit={isSplit} />}</Loading>
    </article>
  )
}

function Whole({
  repo,
  detail,
  isSplit,
}: Readonly<{ repo: string; detail: CommitDetail; isSplit: boolean }>) {
  const { commit, files, cut, live, changes } = detail
  const known = useModel((model) => model.runs)
  return (
    <>
      <PageHead title={plainText(commit.subject)} />
      {commit.body !== '' && <p class="commit-body">{plainText(commit.body)}</p>}
      <CommitFacts repo={repo} detail={detail} />
      {detail.plan !== null && <CommitPlanView repo={repo} commit={commit} plan={detail.plan} />}
      <LiveList live={live} changes={changes} />
      <section aria-labelledby="runs">
        <h2 id="runs">Runs</h2>
        {detail.runs.length === 0 && <p class="quiet">Nothing has run on this commit.</p>}
        <ol class="rows">
          {detail.runs.map((run) => (
            <RunRow key={run.id} run={known.get(run.id) ?? run} isRepoShown={false} />
          ))}
        </ol>
      </section>
      <DiffView repo={repo} hash={commit.hash} files={files} cut={cut} isSplit={isSplit} />
    </>
  )
}
