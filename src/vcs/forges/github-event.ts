import { z } from 'zod'
import type { ForgeEvent } from './event.ts'
import { id, pullRequest, push, pushedIn, requestIn, shaped } from './event-words.ts'

const place = z.object({ id })

// The repository of the head is gone when somebody deleted their fork.
const request = pullRequest({ repo: place.nullable() }, { repo: place })

/** What GitHub says under this name in `X-GitHub-Event`. */
export function githubEvent(name: string, body: unknown): ForgeEvent {
  if (name === 'ping') return { type: 'ping' }
  if (name === 'push') return shaped(push, body, pushedIn)
  if (name === 'pull_request') {
    return shaped(request, body, (said) => {
      const { head, base } = said.pull_request
      return requestIn(said, head.repo?.id !== base.repo.id)
    })
  }
  return { type: 'other', name: name.slice(0, 100) }
}
