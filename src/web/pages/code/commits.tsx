import { useState } from 'preact/hooks'
import type { CodeRoutes, CommitView } from '../../../api/wire/code.ts'
import { LiveTags } from '../../parts/code/live-tags.tsx'
import { CommitLink } from '../../parts/code/commit-link.tsx'
import { PathCrumbs } from '../../parts/code/path-crumbs.tsx'
import { RefPicker } from '../../parts/code/ref-picker.tsx'
import { RepoFrame } from '../../parts/code/repo-frame.tsx'
import { useAt } from '../../parts/code/use-at.ts'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useNow } from '../../parts/now.tsx'
import { RunBadge } from '../../parts/runs/run-badge.tsx'
import { TroubleView } from '../../parts/trouble-view.tsx'
import { useAsked } from '../../parts/use-asked.ts'
import { useLoaded } from '../../parts/use-loaded.ts'
import { When } from '../../parts/when.tsx'
import { plainText } from '../../state/code/plain-text.ts'
import { commitAddress, commitsAddress, runAddress } from '../../state/code/route.ts'
import { dayWords } from '../../words/time-words.ts'
import { runLookOf } from '../../words/code/run-words.ts'

/** `at` is a ref or a commit; null = the trunk. */
type Where = Readonly<{ repo: string; at: string | null; path: string }>

const pageSize = 50

/** The history of a ref, or of one path in it, newest first. */
export function CommitsPage({ repo, at, path }: Where) {
  const { api, go, store } = useHub()
  const news = useModel((model) => model.codeNews)
  const ref = useAt(repo, at)
  const query = { ref, path: path === '' ? null : path, limit: pageSize }
  const about = useLoaded(repo, news, () => api.repo(repo))
  const first = useLoaded(`${repo} ${ref} ${path}`, news, async () => {
    const runs = api.runs({ repo, ref: null, commit: null, before: null, limit: 100 })
    const page = await api.commits(repo, { ...query, after: null })
    store.tell({ type: 'runs came', ...(await runs) })
    return page
  })
  return (
    <RepoFrame repo={repo} part="commits" at={at}>
      <div class="place-bar">
        <RefPicker
          refs={about.answer?.refs ?? []}
          at={ref}
          onPick={(picked) => go(commitsAddress(repo, picked, path))}
        />
        {path !== '' && <PathCrumbs repo={repo} at={at} path={path} />}
      </div>
      <Loading of={first}>
        {(page) => (
          <Pages
            key={`${ref} ${path} ${page.commits[0]?.hash ?? ''}`}
            repo={repo}
            first={page}
            load={(after) => api.commits(repo, { ...query, after })}
          />
        )}
      </Loading>
    </RepoFrame>
  )
}

type Page = CodeRoutes['GET /api/repos/:repo/commits']
type Listed = Readonly<{ repo: string; first: Page; load: (after: string) => Promise<Page> }>

function Pages({ repo, first, load }: Listed) {
  const [more, add] = useState<readonly Page[]>([])
  const [asked, ask] = useAsked<Page>()
  const now = useNow()
  const pages = [first, ...more]
  const next = pages.at(-1)?.next ?? null
  const older = async () => {
    const page = next === null ? null : await ask(() => load(next))
    if (page !== null) add([...more, page])
  }
  const days = [
    ...Map.groupBy(
      pages.flatMap(({ commits }) => commits),
      ({ at }) => dayWords(at, now),
    ),
  ]
  if (days.length === 0) return <p class="quiet">Nothing was committed here.</p>
  return (
    <>
      {days.map(([day, commits]) => (
        <section key={day} aria-label={day}>
          <h2 class="day">{day}</h2>
          <ol class="rows">
            {commits.map((commit) => (
              <CommitRow key={commit.hash} repo={repo} commit={commit} />
            ))}
          </ol>
        </section>
      ))}
      <div class="end">
        {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
        {next === null ? (
          <p class="quiet">This is where it began.</p>
        ) : (
          <button type="button" disabled={asked.type === 'asking'} onClick={() => void older()}>
            {asked.type === 'asking' ? 'Loading …' : 'Load older'}
          </button>
        )}
      </div>
    </>
  )
}

function CommitRow({ repo, commit }: Readonly<{ repo: string; commit: CommitView }>) {
  const run = useModel(
    ({ runs }) =>
      [...runs.values()].findLast((one) => one.commit === commit.hash && one.repo === repo) ?? null,
  )
  return (
    <li class="row commit-row">
      <div class="row-main">
        <p class="row-title">
          <Link to={commitAddress(repo, commit.hash)} class="row-link">
            {plainText(commit.subject)}
          </Link>
          <LiveTags repo={repo} hash={commit.hash} />
        </p>
        <p class="row-why">
          {plainText(commit.author)}, <When at={commit.at} />
        </p>
      </div>
      <div class="row-side">
        {run !== null && (
          <Link to={runAddress(run.id, null)}>
            <RunBadge look={runLookOf(run)} />
          </Link>
        )}
        <CommitLink repo={repo} hash={commit.hash} />
      </div>
    </li>
  )
}
