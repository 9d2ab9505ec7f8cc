import { z } from 'zod'
import type { ForgeEvent } from './event.ts'
import { branch, commit, id, login, number, orNull, ref, shaped, title } from './event-words.ts'

const push = z.object({ ref, before: commit, after: commit, user_username: login })

const mergeRequest = z.object({
  user: z.object({ id: id.optional(), username: login }),
  object_attributes: z.object({
    iid: number,
    title,
    state: z.string().max(50),
    author_id: id,
    target_branch: branch,
    source_project_id: id.nullable(),
    target_project_id: id,
    last_commit: z.object({ id: commit }),
  }),
})

const kindOf = z.object({ object_kind: z.string().max(100) })

/** What GitLab says. It names the event in the body as well, which is signed, so that is believed. */
export function gitlabEvent(body: unknown): ForgeEvent {
  return shaped(kindOf, body, ({ object_kind: kind }) => {
    if (kind === 'push' || kind === 'tag_push') {
      return shaped(push, body, ({ ref: moved, before, after, user_username: by }) => {
        return { type: 'pushed', ref: moved, from: orNull(before), to: orNull(after), login: by }
      })
    }
    if (kind === 'merge_request') return shaped(mergeRequest, body, requestOf)
    return { type: 'other', name: kind }
  })
}

function requestOf({ user, object_attributes: said }: z.output<typeof mergeRequest>): ForgeEvent {
  const request = {
    number: said.iid,
    ref: `refs/merge-requests/${said.iid}/head`,
    head: said.last_commit.id,
    title: said.title,
    onto: said.target_branch,
    // The one who acted is named, who need not be the one who opened it.
    author: user.id === said.author_id ? user.username : null,
    isFork: said.source_project_id !== said.target_project_id,
    isOpen: said.state === 'opened',
  }
  return { type: 'request', request }
}
