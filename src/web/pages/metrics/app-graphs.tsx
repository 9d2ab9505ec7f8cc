import { useMemo } from 'preact/hooks'
import { Link } from '../../parts/link.tsx'
import { GraphPage } from '../../parts/metrics/graph-page.tsx'
import { OwnPanels } from '../../parts/metrics/own-panels.tsx'
import { useLastOfTarget } from '../../parts/metrics/use-last-change.ts'
import { appPanels, labelsOfApp } from '../../state/metrics/app-panels.ts'
import { timelineAddress } from '../../state/route.ts'

/** What an app does in an environment: as its front sees it, and as it says itself. */
export function AppGraphsPage({ target }: Readonly<{ target: string }>) {
  const [app = '', environment = ''] = target.split('@')
  const panels = useMemo(() => appPanels(app, environment), [app, environment])
  return (
    <GraphPage
      title={`${app} in ${environment}`}
      lastChange={useLastOfTarget(target)}
      panels={panels}
      links={
        <>
          <Link to="/apps">app</Link>
          <Link to={timelineAddress(target, '')}>its changes</Link>
        </>
      }
    >
      <OwnPanels
        title="What it says itself"
        within={labelsOfApp(app, environment)}
        nothing="It exposes no numbers of its own. Say in tandem.ts where it does."
      />
    </GraphPage>
  )
}
