import type { ComponentChildren } from 'preact'
import {
  commitsAddress,
  refsAddress,
  repoRunsAddress,
  testsAddress,
  treeAddress,
} from '../../state/code/route.ts'
import { useModel } from '../hub.ts'
import { Link } from '../link.tsx'
import { PageHead } from '../frame/page-head.tsx'
import { usePageTitle } from '../frame/use-title.ts'
import { CloneBox } from './clone-box.tsx'
import { Mirrors } from './mirrors.tsx'

export type RepoPart = 'files' | 'commits' | 'refs' | 'runs' | 'tests'

type Frame = Readonly<{
  repo: string
  part: RepoPart
  /** The ref that its parts are looked at; null = the trunk. */
  at?: string | null
  children: ComponentChildren
}>

/** What stands around every page of one repository. */
export function RepoFrame({ repo, part, at = null, children }: Frame) {
  const view = useModel(({ repos }) => repos?.find((one) => one.repo === repo) ?? null)
  usePageTitle(repo)
  const parts: readonly Readonly<{ part: RepoPart; name: string; to: string }>[] = [
    { part: 'files', name: 'Files', to: treeAddress(repo, at, '') },
    { part: 'commits', name: 'Commits', to: commitsAddress(repo, at, '') },
    { part: 'refs', name: 'Branches', to: refsAddress(repo, '') },
    { part: 'runs', name: 'Runs', to: repoRunsAddress(repo, null) },
    { part: 'tests', name: 'Tests', to: testsAddress(repo, 'failing') },
  ]
  return (
    <article class="repo-page">
      <p class="crumb">
        <Link to="/repos">Code</Link> <span aria-hidden="true">/</span> {repo}
      </p>
      <PageHead title={repo}>{view !== null && <CloneBox clone={view.clone} />}</PageHead>
      {view !== null && <Mirrors repo={view} />}
      <ul class="tabs" aria-label={`parts of ${repo}`}>
        {parts.map((one) => (
          <li key={one.part}>
            <a href={one.to} aria-current={one.part === part ? 'page' : undefined}>
              {one.name}
            </a>
          </li>
        ))}
      </ul>
      {children}
    </article>
  )
}
