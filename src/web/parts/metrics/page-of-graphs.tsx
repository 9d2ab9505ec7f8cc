import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { AppGraphsPage } from '../../pages/metrics/app-graphs.tsx'
import { ExplorePage } from '../../pages/metrics/explore.tsx'
import { FrontGraphsPage } from '../../pages/metrics/front-graphs.tsx'
import { GraphsPage } from '../../pages/metrics/graphs.tsx'
import { HostGraphsPage } from '../../pages/metrics/host-graphs.tsx'
import { HubGraphsPage } from '../../pages/metrics/hub-graphs.tsx'
import { OwnGraphsPage } from '../../pages/metrics/own-graphs.tsx'
import { loadPlot } from './load-plot.ts'
import type { GraphRoute } from '../../state/metrics/route.ts'

/** The page of a route that is about graphs. */
export function PageOfGraphs({ route }: Readonly<{ route: GraphRoute }>): JSX.Element {
  // While it is asked what there is to draw, what draws it is on its way. That it did not come is said by the graphs.
  useEffect(() => void loadPlot().catch(() => null), [])
  switch (route.page) {
    case 'graphs':
      return <GraphsPage />
    case 'graphs of app':
      return <AppGraphsPage key={route.target} target={route.target} />
    case 'graphs of host':
      return <HostGraphsPage key={route.host} host={route.host} />
    case 'graphs of front':
      return <FrontGraphsPage key={route.host} host={route.host} />
    case 'graphs of hub':
      return <HubGraphsPage />
    case 'own graphs':
      return <OwnGraphsPage key={route.name} name={route.name} />
    case 'explore':
      return <ExplorePage query={route.query} as={route.as} />
  }
}
