import { z } from 'zod'
import type { ForgeEvent } from './event.ts'
import { branch, commit, id, login, number, orNull, ref, shaped, title } from './event-words.ts'

const person = z.object({ login })

const push = z.object({ ref, before: commit, after: commit, sender: person })

const pullRequest = z.object({
  number,
  pull_request: z.object({
    title,
    state: z.enum(['open', 'closed']),
    user: person.nullable(),
    head: z.object({ sha: commit, repo_id: id }),
    base: z.object({ ref: branch, repo_id: id }),
  }),
})

/** Gitea and Forgejo name the event of new commits in a request in one way or the other, by version. */
const requestNames: ReadonlySet<string> = new Set(['pull_request', 'pull_request_sync'])

/** What Gitea or Forgejo says under this name of an event. Trying a hook out sends a push that moves nothing. */
export function giteaEvent(name: string, body: unknown): ForgeEvent {
  if (name === 'push') {
    return shaped(push, body, ({ ref: moved, before, after, sender }) => {
      if (before === after) return { type: 'ping' }
      return { type: 'pushed', ref: moved, from: orNull(before), to: orNull(after), login: sender.login }
    })
  }
  if (requestNames.has(name)) {
    return shaped(pullRequest, body, ({ number: nth, pull_request: { head, base, ...said } }) => {
      const request = {
        number: nth,
        ref: `refs/pull/${nth}/head`,
        head: head.sha,
        title: said.title,
        onto: base.ref,
        author: said.user?.login ?? null,
        isFork: head.repo_id !== base.repo_id,
        isOpen: said.state === 'open',
      }
      return { type: 'request', request }
    })
  }
  return { type: 'other', name: name.slice(0, 100) }
}
