import { plainText } from '../../state/code/plain-text.ts'
import { shortRef } from '../../state/code/route.ts'
import type { Push } from '../../state/timeline.ts'
import { When } from '../when.tsx'
import { CommitLink } from './commit-link.tsx'

/** A push between the changes of the timeline: small, as it has changed nothing that runs. */
export function PushRow({ push }: Readonly<{ push: Push }>) {
  return (
    <li class="push-row">
      <span class="push-dot" aria-hidden="true" />
      <span class="push-words">
        {push.who} pushed {push.to !== null && <CommitLink repo={push.about} hash={push.to} />}{' '}
        {plainText(push.subject)}
      </span>
      <span class="push-place">
        {push.about} {plainText(shortRef(push.ref))}, <When at={push.at} />
      </span>
    </li>
  )
}
