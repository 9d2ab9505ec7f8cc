import type { ForgeConfig } from '../../config/repo/repo.ts'
import { giteaEvent } from './gitea-event.ts'
import { githubEvent } from './github-event.ts'
import { gitlabEvent } from './gitlab-event.ts'
import type { Delivery } from './signature.ts'

/** What a forge says has happened. It is a hint: what is true is read from the refs. */
export type ForgeEvent =
  /** The forge tries whether it reaches us. */
  | Readonly<{ type: 'ping' }>
  | Readonly<{ type: 'pushed'; ref: string; from: string | null; to: string | null; login: string }>
  | Readonly<{ type: 'request'; request: ForgeRequest }>
  /** Nothing that moves a ref. */
  | Readonly<{ type: 'other'; name: string }>
  /** Signed by the forge, and yet not in the shape that it documents. */
  | Readonly<{ type: 'unread'; why: string }>

/** A pull request or merge request. */
export type ForgeRequest = Readonly<{
  number: number
  /** The ref under which the forge has its commits: `refs/pull/3/head`. */
  ref: string
  head: string
  title: string
  /** The branch it asks to be merged into. */
  onto: string
  /** Who opened it; null where the forge does not say. */
  author: string | null
  isFork: boolean
  isOpen: boolean
}>

/** The body of a delivery that is believed, in the shape of this forge. */
export function eventOf(kind: ForgeConfig['kind'], delivery: Delivery): ForgeEvent {
  const body = jsonOf(delivery)
  if (body === undefined) return { type: 'unread', why: 'its body is not JSON' }
  switch (kind) {
    case 'github':
      return githubEvent(delivery.header('x-github-event') ?? '', body)
    case 'gitea':
      return giteaEvent(delivery.header('x-gitea-event') ?? '', body)
    case 'forgejo':
      return giteaEvent(delivery.header('x-forgejo-event') ?? '', body)
    case 'gitlab':
      return gitlabEvent(body)
  }
}

/** The refs under which this forge has the heads of its requests, as a pattern of git, and the number in one. */
export const requestRefs: Readonly<Record<ForgeConfig['kind'], string>> = {
  github: 'refs/pull/*/head',
  gitea: 'refs/pull/*/head',
  forgejo: 'refs/pull/*/head',
  gitlab: 'refs/merge-requests/*/head',
}

/** Some forges send a form with the JSON in it unless told otherwise. */
function jsonOf({ header, body }: Delivery): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(header('content-type') ?? '')
  const json = isForm ? (new URLSearchParams(text).get('payload') ?? '') : text
  try {
    return JSON.parse(json) as unknown
  } catch {
    return undefined
  }
}
