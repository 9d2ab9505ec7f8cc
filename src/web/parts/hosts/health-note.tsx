import type { HostView } from '../../../api/wire/wire.ts'
import { healthOf, type HostHealth } from '../../state/host-health.ts'
import { healthTone, healthWords } from '../../words/health-words.ts'
import { FencedNote } from './fenced-note.tsx'
import { useModel } from '../hub.ts'
import { When } from '../when.tsx'

/** How a host stands, and when somebody last looked. */
export function HealthNote({ host }: Readonly<{ host: HostView }>) {
  const recipes = useModel(({ status }) => status?.hub.recipes ?? null)
  if (host.fenced !== null) return <FencedNote fenced={host.fenced} />
  const health = healthOf(host, recipes ?? [])
  return (
    <span class="health">
      <span class={`tone-${healthTone(health)} state-word`}>{healthWords(health)}</span>
      <Looked health={health} />
    </span>
  )
}

function Looked({ health }: Readonly<{ health: HostHealth }>) {
  switch (health.type) {
    case 'fenced':
    case 'no recipe':
    case 'not looked at':
      return null
    case 'away':
      return (
        <span class="quiet">
          {health.why}, <When at={health.at} />
        </span>
      )
    case 'changed since':
    case 'differs':
    case 'same':
      return (
        <span class="quiet">
          looked at <When at={health.at} />
        </span>
      )
  }
}
