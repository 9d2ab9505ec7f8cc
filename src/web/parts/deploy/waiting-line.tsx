import type { Line } from '../../../store/store.ts'
import { ChangeLink } from '../link.tsx'
import { When } from '../when.tsx'

/** Who changes a target now, and who waits for it, first come first served. */
export function WaitingLine({ line }: Readonly<{ line: Line }>) {
  const { holder, waiting } = line
  if (holder === null && waiting.length === 0) return null
  return (
    <div class="line">
      <h3>Line</h3>
      <ol>
        {[...(holder === null ? [] : [holder]), ...waiting].map((place) => (
          <li key={place.change}>
            <span class={`line-state tone-${place.change === holder?.change ? 'busy' : 'quiet'}`}>
              {place.change === holder?.change ? 'changes it now' : 'waits'}
            </span>
            <span>
              <ChangeLink id={place.change} /> {place.who}: {place.why}{' '}
              <span class="quiet">
                <When at={place.since} />
              </span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  )
}
