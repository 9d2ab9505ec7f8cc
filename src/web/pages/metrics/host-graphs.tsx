import { useMemo } from 'preact/hooks'
import { Link } from '../../parts/link.tsx'
import { GraphPage } from '../../parts/metrics/graph-page.tsx'
import { useLastOfHost } from '../../parts/metrics/use-last-change.ts'
import { hostPanels } from '../../state/metrics/host-panels.ts'
import { frontGraphsAddress } from '../../state/metrics/route.ts'

/** What a host does: processor, memory, disks, network. */
export function HostGraphsPage({ host }: Readonly<{ host: string }>) {
  const panels = useMemo(() => hostPanels(host), [host])
  const links = (
    <>
      <Link to={`/hosts/${host}`}>host</Link>
      <Link to={frontGraphsAddress(host)}>front</Link>
    </>
  )
  return <GraphPage title={host} lastChange={useLastOfHost(host)} panels={panels} links={links} />
}
