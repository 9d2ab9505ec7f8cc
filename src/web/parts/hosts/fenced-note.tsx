import type { HostRelease } from '../../../api/wire/wire.ts'
import { ChangeLink } from '../link.tsx'
import { When } from '../when.tsx'

/** Why a host was left behind, by which change, and since when. */
export function FencedNote({ fenced }: Readonly<{ fenced: NonNullable<HostRelease['fenced']> }>) {
  return (
    <span>
      <span class="tone-bad state-word">fenced</span> by <ChangeLink id={fenced.by} />,{' '}
      <When at={fenced.since} />: {fenced.why}
    </span>
  )
}
