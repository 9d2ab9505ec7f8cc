import { z } from 'zod'
import type { ForgeEvent } from './event.ts'
import { branch, commit, id, login, number, orNull, ref, shaped, title } from './event-words.ts'

const person = z.object({ login })
const place = z.object({ id })

const push = z.object({ ref, before: commit, after: commit, sender: person })

const pullRequest = z.object({
  number,
  pull_request: z.object({
    title,
    state: z.enum(['open', 'closed']),
    user: person.nullable(),
    // The repository of the head is gone when somebody deleted their fork.
    head: z.object({ sha: commit, repo: place.nullable() }),
    base: z.object({ ref: branch, repo: place }),
  }),
})

/** What GitHub says under this name in `X-GitHub-Event`. */
export function githubEvent(name: string, body: unknown): ForgeEvent {
  if (name === 'ping') return { type: 'ping' }
  if (name === 'push') {
    return shaped(push, body, ({ ref: moved, before, after, sender }) => {
      return { type: 'pushed', ref: moved, from: orNull(before), to: orNull(after), login: sender.login }
    })
  }
  if (name === 'pull_request') {
    return shaped(pullRequest, body, ({ number: nth, pull_request: { head, base, ...said } }) => {
      const request = {
        number: nth,
        ref: `refs/pull/${nth}/head`,
        head: head.sha,
        title: said.title,
        onto: base.ref,
        author: said.user?.login ?? null,
        isFork: head.repo?.id !== base.repo.id,
        isOpen: said.state === 'open',
      }
      return { type: 'request', request }
    })
  }
  return { type: 'other', name: name.slice(0, 100) }
}
