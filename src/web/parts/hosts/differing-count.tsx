import { differing } from '../../state/host-health.ts'
import { useModel } from '../hub.ts'

/** How many hosts differ from their recipes, where every page shows it; nothing when none does. */
export function DifferingCount() {
  const many = useModel(({ status }) => (status === null ? 0 : differing(status.hosts, status.hub.recipes)))
  if (many === 0) return null
  const words = `${many} ${many === 1 ? 'host differs' : 'hosts differ'} from ${many === 1 ? 'its' : 'their'} recipes`
  return (
    <span class="count" title={words}>
      <span aria-hidden="true">{many}</span>
      <span class="unseen">, {words}</span>
    </span>
  )
}
