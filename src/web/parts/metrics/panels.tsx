import type { PanelWish } from '../../state/metrics/panel.ts'
import { Panel } from './panel.tsx'

/** Panels beside and below each other. */
export function Panels({ panels }: Readonly<{ panels: readonly PanelWish[] }>) {
  return (
    <div class="panels">
      {panels.map((panel) => (
        <Panel key={panel.title} panel={panel} />
      ))}
    </div>
  )
}
