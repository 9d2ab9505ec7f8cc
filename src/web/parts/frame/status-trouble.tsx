import { useModel } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'

/** Why apps and hosts are not shown, while the timeline still is. */
export function StatusTrouble() {
  const trouble = useModel((model) => model.statusTrouble)
  return trouble === null ? null : <TroubleView trouble={trouble} />
}
