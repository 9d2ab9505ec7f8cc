import { RepoFrame } from '../../parts/code/repo-frame.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { RunList } from '../../parts/runs/run-list.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { usePageTitle } from '../../parts/frame/use-title.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { repoRunsAddress, runsAddress, shortRef } from '../../state/code/route.ts'

/** `at` is a ref in full; null = all of them. */
type Which = Readonly<{ repo: string | null; at: string | null }>

/** Runs of all repositories, or of those that the filter names. */
export function RunsPage({ repo, at }: Which) {
  const { go } = useHub()
  const names = useModel(({ repos }) => repos?.map((one) => one.repo).join(' ') ?? '')
  usePageTitle('Runs')
  return (
    <>
      <PageHead title="Runs" />
      <search class="filter">
        <label class="inline-field">
          <span class="unseen">Repository</span>
          <select
            value={repo ?? ''}
            onChange={(event) => go(runsAddress(event.currentTarget.value || null, null), 'replace')}
          >
            <option value="">all repositories</option>
            {names
              .split(' ')
              .filter((name) => name !== '')
              .map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
          </select>
        </label>
        {repo !== null && (
          <RefFilter repo={repo} at={at} onPick={(picked) => go(runsAddress(repo, picked), 'replace')} />
        )}
      </search>
      <RunList key={`${repo ?? ''} ${at ?? ''}`} repo={repo} at={at} />
    </>
  )
}

/** The runs of one repository, among its other pages. */
export function RepoRunsPage({ repo, at }: Readonly<{ repo: string; at: string | null }>) {
  const { go } = useHub()
  return (
    <RepoFrame repo={repo} part="runs">
      <search class="filter">
        <RefFilter repo={repo} at={at} onPick={(picked) => go(repoRunsAddress(repo, picked), 'replace')} />
      </search>
      <RunList key={at ?? ''} repo={repo} at={at} />
    </RepoFrame>
  )
}

type Filter = Readonly<{ repo: string; at: string | null; onPick: (ref: string | null) => void }>

/** So many refs can be picked from; whoever looks for another one finds its runs on its commits. */
const mostOffered = 200

function RefFilter({ repo, at, onPick }: Filter) {
  const { api } = useHub()
  const about = useLoaded(repo, 0, () => api.repo(repo))
  const offered = about.answer?.refs.slice(0, mostOffered).map((one) => one.ref) ?? []
  const refs = at === null || offered.includes(at) ? offered : [at, ...offered]
  return (
    <label class="inline-field">
      <span class="unseen">Branch, tag or request</span>
      <select value={at ?? ''} onChange={(event) => onPick(event.currentTarget.value || null)}>
        <option value="">all branches</option>
        {refs.map((one) => (
          <option key={one} value={one}>
            {plainText(shortRef(one))}
          </option>
        ))}
      </select>
    </label>
  )
}
