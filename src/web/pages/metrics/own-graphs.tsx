import { useMemo } from 'preact/hooks'
import type { GraphPageView } from '../../../api/wire/graphs.ts'
import { useHub } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { GraphPage } from '../../parts/metrics/graph-page.tsx'
import { useLastOfAll } from '../../parts/metrics/use-last-change.ts'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { TroubleView } from '../../parts/trouble-view.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'

/** A page of panels that the team has written in `tandem.ts`. */
export function OwnGraphsPage({ name }: Readonly<{ name: string }>) {
  const { api } = useHub()
  const last = useLastOfAll()
  const loaded = useLoaded('pages', 0, () => api.graphPages())
  const page = useSame(loaded.answer?.pages.find((one) => one.name === name))
  if (loaded.trouble !== null) return <TroubleView trouble={loaded.trouble} />
  if (loaded.answer === null) return <PageHead title={name} />
  if (page !== undefined) return <GraphPage title={page.title} lastChange={last} panels={page.panels} />
  return (
    <>
      <PageHead title={`There is no page ${name}`} />
      <p>
        Pages are written in <code>tandem.ts</code>, under <code>metrics.pages</code>. The{' '}
        <Link to="/graphs">graphs</Link> page shows those there are.
      </p>
    </>
  )
}

/** What was answered before, as long as the new answer says the same: nothing has to be drawn again. */
function useSame(page: GraphPageView | undefined): GraphPageView | undefined {
  return useMemo(() => page, [JSON.stringify(page)])
}
