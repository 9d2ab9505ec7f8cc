import type { RefView } from '../../../api/wire/code.ts'
import { CommitLine } from '../../parts/code/commit-line.tsx'
import { RepoFrame } from '../../parts/code/repo-frame.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { RunBadge } from '../../parts/runs/run-badge.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useMore } from '../../parts/use-more.tsx'
import { FilterField } from '../../parts/filter-field.tsx'
import { plainText } from '../../state/code/plain-text.ts'
import { refsAddress, runAddress, treeAddress } from '../../state/code/route.ts'
import { refKinds } from '../../words/code/code-words.ts'
import { runLookOf } from '../../words/code/run-words.ts'

const kinds: readonly RefView['kind'][] = ['branch', 'request', 'tag']
const mostAtOnce = 100

/** Branches, requests and tags of a repository, and how the newest commit of each went. */
export function RefsPage({ repo, text }: Readonly<{ repo: string; text: string }>) {
  const { api, go } = useHub()
  const news = useModel((model) => model.codeNews)
  const about = useLoaded(repo, news, () => api.repo(repo))
  const fits = ({ name }: RefView) => name.toLowerCase().includes(text.toLowerCase().trim())
  return (
    <RepoFrame repo={repo} part="refs">
      <search class="filter">
        <FilterField
          of="branches, requests and tags"
          hint="Filter branches and tags"
          text={text}
          onText={(next) => go(refsAddress(repo, next), 'replace')}
        />
      </search>
      <Loading of={about}>
        {({ refs }) => {
          const shown = refs.filter(fits)
          if (shown.length === 0)
            return <p class="quiet">{refs.length === 0 ? 'There are none yet.' : 'None fits this filter.'}</p>
          return kinds.map((kind) => (
            <Kind
              key={`${kind} ${text}`}
              repo={repo}
              kind={kind}
              refs={shown.filter((ref) => ref.kind === kind)}
            />
          ))
        }}
      </Loading>
    </RepoFrame>
  )
}

type OfKind = Readonly<{ repo: string; kind: RefView['kind']; refs: readonly RefView[] }>

function Kind({ repo, kind, refs }: OfKind) {
  const { shown, more } = useMore(refs, mostAtOnce)
  if (refs.length === 0) return null
  return (
    <section class="refs" aria-label={refKinds[kind]}>
      <h2 class="day">{refKinds[kind]}</h2>
      <ol class="rows">
        {shown.map((ref) => (
          <RefRow key={ref.ref} repo={repo} view={ref} />
        ))}
      </ol>
      {more}
    </section>
  )
}

function RefRow({ repo, view }: Readonly<{ repo: string; view: RefView }>) {
  const run = useModel(({ runs }) => (view.run === null ? null : (runs.get(view.run.id) ?? view.run)))
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title">
          <Link to={treeAddress(repo, view.ref, '')} class="row-link">
            {plainText(view.name)}
          </Link>
          {view.isProtected && <span class="tag">protected</span>}
        </p>
        <CommitLine repo={repo} commit={view.head} />
      </div>
      <div class="row-side">
        {run !== null && (
          <Link to={runAddress(run.id, null)}>
            <RunBadge look={runLookOf(run)} />
          </Link>
        )}
      </div>
    </li>
  )
}
