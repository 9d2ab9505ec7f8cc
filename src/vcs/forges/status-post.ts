import type { ForgeConfig } from '../../config/repo/repo.ts'
import type { CommitStatus } from './status.ts'

/** One request to the API of a forge. */
export type Post = Readonly<{
  url: string
  headers: Readonly<Record<string, string>>
  body: Readonly<Record<string, string>>
}>

type Posting = Readonly<{
  forge: Pick<ForgeConfig, 'kind' | 'url'>
  token: string
  commit: string
  status: CommitStatus
  /** Where people open the hub; null = there are no links. */
  hub: string | null
}>

/** How this forge wants to be told a status. */
export function postOf({ forge, token, commit, status, hub }: Posting): Post {
  const link = hub === null || status.path === null ? {} : { target_url: `${hub}${status.path}` }
  const said = { ...link, description: cut(status.text, 140) }
  const agent = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'tandem' }
  switch (forge.kind) {
    case 'github':
      return {
        url: `${githubApi(forge.url)}/statuses/${commit}`,
        headers: {
          ...agent,
          accept: 'application/vnd.github+json',
          'x-github-api-version': '2022-11-28',
          authorization: `Bearer ${token}`,
        },
        body: { ...said, state: status.state, context: status.context },
      }
    case 'gitea':
    case 'forgejo':
      return {
        url: `${giteaApi(forge.url)}/statuses/${commit}`,
        headers: { ...agent, authorization: `token ${token}` },
        body: { ...said, state: status.state, context: status.context },
      }
    case 'gitlab': {
      const state = status.state === 'failure' ? 'failed' : status.state
      return {
        url: `${gitlabApi(forge.url)}/statuses/${commit}`,
        headers: { ...agent, 'private-token': token },
        body: { ...said, state, name: status.context },
      }
    }
  }
}

/** What became of a request: done, to be tried again, or never to be taken as it is. */
export type PostResult = Readonly<
  | { type: 'done' }
  /** `waitMs` is what the forge asked for; null = as usual. */
  | { type: 'later'; why: string; waitMs: number | null }
  | { type: 'refused'; why: string }
>

type Answer = Readonly<{ status: number; header: (name: string) => string | null; text: string; now: number }>

/** What this answer means. */
export function resultOf(kind: ForgeConfig['kind'], answer: Answer): PostResult {
  const { status, text } = answer
  if (status >= 200 && status < 300) return { type: 'done' }
  // GitLab complains when a status already is what it is told to be.
  if (kind === 'gitlab' && status === 400 && /cannot transition status/i.test(text)) return { type: 'done' }
  const why = `it answered ${status}: ${messageIn(text)}`
  const waitMs = waitAsked(answer)
  if (status === 429 || status >= 500 || waitMs !== null) return { type: 'later', why, waitMs }
  if (status >= 300 && status < 400) {
    return { type: 'later', why: `${why} (the repository was moved: mend forge.url)`, waitMs: accessWaitMs }
  }
  if (status === 401 || status === 403 || status === 404) {
    return { type: 'later', why: `${why} (may the token of forge.token set statuses?)`, waitMs: accessWaitMs }
  }
  return { type: 'refused', why }
}

/** Somebody has to mend the token or the address. */
const accessWaitMs = 5 * 60_000

function waitAsked({ header, now }: Answer): number | null {
  const after = header('retry-after')
  if (after !== null && /^\d{1,6}$/.test(after)) return Number(after) * 1_000
  const reset = header('x-ratelimit-reset')
  if (header('x-ratelimit-remaining') !== '0' || reset === null || !/^\d{1,12}$/.test(reset)) return null
  return Math.max(1_000, Number(reset) * 1_000 - now)
}

/** The API of github.com has a name of its own; that of a GitHub in a company lies under its address. */
function githubApi(url: string): string {
  const { protocol, host, pathname } = new URL(url)
  const api = host === 'github.com' ? 'https://api.github.com' : `${protocol}//${host}/api/v3`
  return `${api}/repos${withoutEnd(pathname)}`
}

/** It may lie below a folder of the site: owner and name are the last two parts. */
function giteaApi(url: string): string {
  const { origin, pathname } = new URL(url)
  const parts = withoutEnd(pathname).split('/')
  return `${origin}${parts.slice(0, -2).join('/')}/api/v1/repos/${parts.slice(-2).join('/')}`
}

/** Groups have groups below them: the whole path is the name. */
function gitlabApi(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}/api/v4/projects/${encodeURIComponent(decodeURIComponent(withoutEnd(pathname).slice(1)))}`
}

const withoutEnd = (path: string): string => path.replace(/\/+$/, '').replace(/\.git$/, '')

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`

function messageIn(text: string): string {
  const message = /"(?:message|error)"\s*:\s*"([^"]{1,200})/.exec(text)?.[1]
  return message ?? (text.trim().slice(0, 100).replaceAll(/\s+/g, ' ') || 'nothing')
}
