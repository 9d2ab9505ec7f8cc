import type { ComponentChildren } from 'preact'
import type { ChangeId } from '../../../change/order.ts'
import type { PanelWish } from '../../state/metrics/panel.ts'
import { Link } from '../link.tsx'
import { PageHead } from '../frame/page-head.tsx'
import { usePageTitle } from '../frame/use-title.ts'
import { DeskProvider } from './desk-provider.tsx'
import { LastChange } from './last-change.tsx'
import { Panels } from './panels.tsx'
import { TimeBar } from './time-bar.tsx'

type GraphPageWish = Readonly<{
  title: string
  /** Null while it is not known, or where none has been. */
  lastChange: ChangeId | null
  panels: readonly PanelWish[]
  /** Links to what the graphs are about. */
  links?: ComponentChildren
  children?: ComponentChildren
}>

/** A page of graphs that share their time, their cursor and what was changed. */
export function GraphPage({ title, lastChange, panels, links, children }: GraphPageWish) {
  usePageTitle(title)
  return (
    <article class="graph-page">
      <p class="crumb">
        <Link to="/graphs">Graphs</Link> <span aria-hidden="true">/</span> {title}
      </p>
      <PageHead title={title}>{links !== undefined && <div class="graph-links">{links}</div>}</PageHead>
      <LastChange id={lastChange} />
      <DeskProvider>
        <TimeBar />
        <Panels panels={panels} />
        {children}
      </DeskProvider>
    </article>
  )
}
