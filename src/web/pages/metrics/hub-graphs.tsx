import { GraphPage } from '../../parts/metrics/graph-page.tsx'
import { OwnPanels } from '../../parts/metrics/own-panels.tsx'
import { useLastOfAll } from '../../parts/metrics/use-last-change.ts'

/** Series of the hub: inside of the braces of a selector. */
const hubLabels = 'job="tandem"'

/** What the hub itself does and takes. */
export function HubGraphsPage() {
  return (
    <GraphPage title="Hub" lastChange={useLastOfAll()} panels={[]}>
      <OwnPanels
        title="What it says itself"
        within={hubLabels}
        nothing="It has said nothing of itself yet."
      />
    </GraphPage>
  )
}
