import type { MarkView } from '../../../../api/wire/marks.ts'
import { isHollow, keyOfMark, kindOfMark, type MarkGroup, timeOf } from '../../../state/metrics/marks.ts'
import { kindWords } from '../../../words/kind-words.ts'
import { momentWords } from '../../../words/metrics/span-words.ts'
import { lookOf } from '../../../words/status-words.ts'

/** As many as can be read in passing; a press shows the others too. */
const glanced = 5

/** Who, what and why, of one mark or of all that lie together. */
export function MarkCard({ group, isPinned }: Readonly<{ group: MarkGroup; isPinned: boolean }>) {
  const shown = isPinned ? group.marks : group.marks.slice(0, glanced)
  const more = group.marks.length - shown.length
  const side =
    group.at > 0.5
      ? { right: `${(100 - group.at * 100).toFixed(2)}%` }
      : { left: `${(group.at * 100).toFixed(2)}%` }
  return (
    <div class={isPinned ? 'mark-card pinned' : 'mark-card'} style={side}>
      <ul>
        {shown.map((mark) => (
          <li key={keyOfMark(mark)} class={`kind-${kindOfMark(mark)} ${isHollow(mark) ? 'hollow' : ''}`}>
            <MarkLines mark={mark} />
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">and {more} more: press to see all</p>}
    </div>
  )
}

function MarkLines({ mark }: Readonly<{ mark: MarkView }>) {
  const when = <time dateTime={new Date(timeOf(mark)).toISOString()}>{momentWords(timeOf(mark))}</time>
  if (mark.type === 'other')
    return (
      <>
        <p class="mark-title">{mark.title}</p>
        <p class="quiet">
          {mark.who} by {mark.sender}, {when}
        </p>
        {mark.text !== '' && <p>{mark.text}</p>}
        {mark.tags.length > 0 && <p class="quiet">{mark.tags.join(', ')}</p>}
      </>
    )
  return (
    <>
      <p class="mark-title">
        <a href={`/changes/${mark.id}`}>
          {mark.id} {mark.title}
        </a>
      </p>
      <p class="quiet">
        {mark.who}, {kindWords(mark)}, <span class="mark-look">{lookOf(mark)}</span>, {when}
      </p>
      {mark.why !== '' && <p>{mark.why}</p>}
    </>
  )
}
