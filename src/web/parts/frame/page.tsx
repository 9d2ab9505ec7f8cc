import type { JSX } from 'preact'
import { AppsPage } from '../../pages/apps.tsx'
import { ChangePage } from '../../pages/change.tsx'
import { CommitPage } from '../../pages/code/commit.tsx'
import { CommitsPage } from '../../pages/code/commits.tsx'
import { FilePage } from '../../pages/code/file.tsx'
import { RefsPage } from '../../pages/code/refs.tsx'
import { ReposPage } from '../../pages/code/repos.tsx'
import { RunPage } from '../../pages/code/run.tsx'
import { RepoRunsPage, RunsPage } from '../../pages/code/runs.tsx'
import { TestsPage } from '../../pages/code/tests.tsx'
import { TrainPage } from '../../pages/code/train.tsx'
import { TreePage } from '../../pages/code/tree.tsx'
import { FlagPage } from '../../pages/flags/flag.tsx'
import { FlagsPage } from '../../pages/flags/flags.tsx'
import { SegmentsPage } from '../../pages/flags/segments.tsx'
import { HostPage } from '../../pages/host.tsx'
import { HostsPage } from '../../pages/hosts.tsx'
import { NowherePage } from '../../pages/nowhere.tsx'
import { TimelinePage } from '../../pages/timeline.tsx'
import { PageOfGraphs } from '../metrics/page-of-graphs.tsx'
import type { Route } from '../../state/route.ts'

/** The page of a route. */
export function Page({ route }: Readonly<{ route: Route }>): JSX.Element {
  switch (route.page) {
    case 'login':
      return <TimelinePage target={null} text="" />
    case 'timeline':
      return <TimelinePage target={route.target} text={route.text} />
    case 'change':
      return <ChangePage key={route.id} id={route.id} />
    case 'apps':
      return <AppsPage />
    case 'hosts':
      return <HostsPage among={route.among} text={route.text} />
    case 'host':
      return <HostPage key={route.host} name={route.host} />
    case 'nowhere':
      return <NowherePage path={route.path} />
    case 'repos':
      return <ReposPage />
    case 'tree':
      return <TreePage repo={route.repo} at={route.ref} path={route.path} />
    case 'file':
    case 'blame':
      return <FilePage repo={route.repo} at={route.ref} path={route.path} line={route.line} as={route.page} />
    case 'commits':
      return <CommitsPage repo={route.repo} at={route.ref} path={route.path} />
    case 'commit':
      return <CommitPage key={route.hash} repo={route.repo} hash={route.hash} isSplit={route.isSplit} />
    case 'refs':
      return <RefsPage repo={route.repo} text={route.text} />
    case 'repo runs':
      return <RepoRunsPage repo={route.repo} at={route.ref} />
    case 'tests':
      return <TestsPage repo={route.repo} sort={route.sort} />
    case 'runs':
      return <RunsPage repo={route.repo} at={route.ref} />
    case 'run':
      return <RunPage key={route.id} id={route.id} job={route.job} attempt={route.attempt} />
    case 'train':
      return <TrainPage />
    case 'graphs':
    case 'graphs of app':
    case 'graphs of host':
    case 'graphs of front':
    case 'graphs of hub':
    case 'own graphs':
    case 'explore':
      return <PageOfGraphs route={route} />
    case 'flags':
      return <FlagsPage environment={route.environment} text={route.text} />
    case 'segments':
      return <SegmentsPage environment={route.environment} />
    case 'flag':
      return oneFlag(route)
  }
}

const oneFlag = ({ key, environment }: Extract<Route, { page: 'flag' }>) => (
  <FlagPage key={`${key} ${environment ?? ''}`} name={key} environment={environment} />
)
