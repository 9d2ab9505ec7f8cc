import type { ForgeEvent } from './event.ts'
import { id, pullRequest, push, pushedIn, requestIn, shaped } from './event-words.ts'

const request = pullRequest({ repo_id: id }, { repo_id: id })

/** Gitea and Forgejo name the event of new commits in a request in one way or the other, by version. */
const requestNames: ReadonlySet<string> = new Set(['pull_request', 'pull_request_sync'])

/** What Gitea or Forgejo says under this name of an event. Trying a hook out sends a push that moves nothing. */
export function giteaEvent(name: string, body: unknown): ForgeEvent {
  if (name === 'push')
    return shaped(push, body, (said) => (said.before === said.after ? { type: 'ping' } : pushedIn(said)))
  if (requestNames.has(name)) {
    return shaped(request, body, (said) => {
      const { head, base } = said.pull_request
      return requestIn(said, head.repo_id !== base.repo_id)
    })
  }
  return { type: 'other', name: name.slice(0, 100) }
}
