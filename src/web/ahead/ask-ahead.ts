import type { Api } from '../api.ts'
import { loadPlot } from '../parts/metrics/load-plot.ts'
import { appPanels } from '../state/metrics/app-panels.ts'
import { askFirstMs, askGraph } from '../state/metrics/ask-graph.ts'
import { frontPanels } from '../state/metrics/front-panels.ts'
import { hostPanels } from '../state/metrics/host-panels.ts'
import type { PanelWish } from '../state/metrics/panel.ts'
import { type GraphRoute, graphRouteOf } from '../state/metrics/route.ts'
import { latest, spanIn, stepOf } from '../state/metrics/span.ts'

type World = Readonly<{ api: Api; now: number; signal: AbortSignal }>

/**
 * Asks for what the page at an address will want first, while what draws it is still on its way. Refusals are left to the
 * page, which asks again what it was not given.
 */
export async function askAhead(address: string, world: World): Promise<void> {
  const { api, now, signal } = world
  const { pathname, searchParams } = new URL(address, 'http://hub')
  const route = graphRouteOf(pathname, searchParams)
  void api.status().catch(leave)
  const panels = route === null ? null : panelsOf(route, api)
  if (panels === null) return
  void loadPlot().catch(leave)
  try {
    const span = spanIn(address) ?? latest(await askFirstMs(api, now, signal), now)
    void api.marks(span).catch(leave)
    const wish = { span, stepMs: stepOf(span), lastWeek: false, signal }
    for (const { queries } of await panels) askGraph(api, queries, wish).catch(leave)
  } catch {
    leave()
  }
}

const leave = (): void => {}

/** The panels that a page begins with; null where that is asked or written later. */
function panelsOf(route: GraphRoute, api: Api): Promise<readonly PanelWish[]> | null {
  switch (route.page) {
    case 'graphs of app': {
      const [app = '', environment = ''] = route.target.split('@')
      return Promise.resolve(appPanels(app, environment))
    }
    case 'graphs of host':
      return Promise.resolve(hostPanels(route.host))
    case 'graphs of front':
      return Promise.resolve(frontPanels(route.host))
    case 'own graphs':
      return api.graphPages().then(({ pages }) => pages.find(({ name }) => name === route.name)?.panels ?? [])
    case 'graphs':
    case 'graphs of hub':
    case 'explore':
      return null
  }
}
