import type { CommitDetail } from '../../../api/wire/code.ts'
import { useModel } from '../hub.ts'
import { ChangeLink } from '../link.tsx'
import { StatusBadge } from '../change/status-badge.tsx'
import { When } from '../when.tsx'

/** Where a commit is live and since when, and every change that named it. */
export function LiveList({ live, changes }: Pick<CommitDetail, 'live' | 'changes'>) {
  const known = useModel((model) => model.changes)
  const others = changes.filter((id) => !live.some((place) => place.change === id))
  return (
    <section aria-labelledby="live">
      <h2 id="live">Live</h2>
      {live.length === 0 && <p class="quiet">It is live nowhere{changes.length > 0 ? ' now' : ''}.</p>}
      <ul class="live-places">
        {live.map(({ app, environment, change, since }) => (
          <li key={`${app}@${environment}`}>
            <span class="tone-good live-target state-word">
              {app}@{environment}
            </span>
            <span>
              since <When at={since} /> by <ChangeLink id={change} />
            </span>
          </li>
        ))}
        {others.map((id) => {
          const change = known.get(id)
          return (
            <li key={id}>
              <span class="live-target">
                <ChangeLink id={id} />
              </span>
              {change !== undefined && (
                <span>
                  {change.title} <StatusBadge change={change} />
                </span>
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
