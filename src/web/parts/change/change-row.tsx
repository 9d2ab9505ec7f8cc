import type { ChangeView } from '../../../api/wire/wire.ts'
import { isOver } from '../../../change/status.ts'
import { kindWords } from '../../words/kind-words.ts'
import { lookOf, toneOf } from '../../words/status-words.ts'
import { ChangeLink, Link } from '../link.tsx'
import { KindMark } from './kind-mark.tsx'
import { ProgressLine } from './progress-line.tsx'
import { StatusBadge } from './status-badge.tsx'
import { Took } from '../took.tsx'
import { When } from '../when.tsx'

/** One change in a list: what, why, who and when, and how it stands. */
export function ChangeRow({ change }: Readonly<{ change: ChangeView }>) {
  const look = lookOf(change)
  return (
    <li
      class={`row tone-${toneOf(look)} ${isOver(change.status) ? '' : 'open'} ${look === 'reverted' ? 'hollow' : ''}`}
    >
      <div class="row-main">
        <p class="row-title">
          <KindMark change={change} />
          <span class="id">{change.id}</span>
          <Link to={`/changes/${change.id}`} class="row-link">
            {change.title}
          </Link>
          {change.reverts !== null && (
            <span class="tag">
              reverts <ChangeLink id={change.reverts} />
            </span>
          )}
        </p>
        <p class="row-why">{change.trouble === null ? change.why : change.trouble.what}</p>
        <ProgressLine change={change} />
      </div>
      <div class="row-side">
        <StatusBadge change={change} />
        <p class="row-facts">
          <span class="who">{change.who}</span>
          <span>{kindWords(change)}</span>
          <span>by {change.door}</span>
          <Took change={change} />
          <When at={change.orderedAt} />
          {change.revertedBy !== null && (
            <span>
              taken back by <ChangeLink id={change.revertedBy} />
            </span>
          )}
        </p>
      </div>
    </li>
  )
}
