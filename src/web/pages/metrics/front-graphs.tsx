import { useMemo } from 'preact/hooks'
import { Link } from '../../parts/link.tsx'
import { GraphPage } from '../../parts/metrics/graph-page.tsx'
import { useLastOfHost } from '../../parts/metrics/use-last-change.ts'
import { frontPanels } from '../../state/metrics/front-panels.ts'
import { hostGraphsAddress } from '../../state/metrics/route.ts'

/** What the front of a host says of the apps behind it. */
export function FrontGraphsPage({ host }: Readonly<{ host: string }>) {
  const panels = useMemo(() => frontPanels(host), [host])
  const links = <Link to={hostGraphsAddress(host)}>host</Link>
  return (
    <GraphPage title={`Front of ${host}`} lastChange={useLastOfHost(host)} panels={panels} links={links} />
  )
}
