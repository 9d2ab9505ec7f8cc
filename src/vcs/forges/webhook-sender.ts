import { createHash, createHmac, randomUUID } from 'node:crypto'
import type { ForgeConfig } from '../../config/repo/repo.ts'

/** A webhook as a forge sends it: bodies and headers as each of them documents, signed with the secret. */
export type Sent = Readonly<{ headers: Readonly<Record<string, string>>; body: string }>

export type Sender = Pick<ForgeConfig, 'kind' | 'webhook'> & Readonly<{ secret: string; at: number }>

export type SentPush = Readonly<{ ref: string; from: string | null; to: string | null; login: string }>

export type SentRequest = Readonly<{
  number: number
  head: string
  title: string
  login: string
  isFork: boolean
  isOpen: boolean
}>

const team = { id: 35, name: 'team', login: 'team', username: 'team' }
const place = { id: 140, name: 'shop', full_name: 'team/shop', owner: team, default_branch: 'main' }
const zeros = '0'.repeat(40)

/** What a forge sends after a push of a branch or a tag. */
export function sentPush(sender: Sender, { ref, from, to, login }: SentPush): Sent {
  const moved = { ref, before: from ?? zeros, after: to ?? zeros }
  const person = { id: 6, login, username: login, full_name: '', email: `${login}@example.org` }
  const isTag = ref.startsWith('refs/tags/')
  switch (sender.kind) {
    case 'github':
      return sealed(sender, 'push', {
        ...moved,
        created: from === null,
        deleted: to === null,
        forced: false,
        repository: { ...place, private: true, pushed_at: Math.floor(sender.at / 1_000) },
        pusher: { name: login, email: person.email },
        sender: person,
        commits: [],
        head_commit: to === null ? null : { id: to, message: 'Fix it' },
      })
    case 'gitea':
    case 'forgejo':
      return sealed(sender, 'push', {
        ...moved,
        compare_url: 'https://git.example.org/team/shop/compare/main',
        commits: [],
        total_commits: 1,
        head_commit: to === null ? null : { id: to, message: 'Fix it' },
        repository: place,
        pusher: person,
        sender: person,
      })
    case 'gitlab':
      return sealed(sender, isTag ? 'Tag Push Hook' : 'Push Hook', {
        object_kind: isTag ? 'tag_push' : 'push',
        event_name: isTag ? 'tag_push' : 'push',
        ...moved,
        ref_protected: false,
        checkout_sha: to,
        user_id: 6,
        user_name: login,
        user_username: login,
        project_id: place.id,
        project: { id: place.id, name: 'shop', path_with_namespace: 'team/shop', default_branch: 'main' },
        commits: [],
        total_commits_count: 1,
      })
  }
}

/** What a forge sends when a pull request or merge request was opened, or has new commits. */
export function sentRequest(sender: Sender, request: SentRequest): Sent {
  const { number, head, title, login, isFork, isOpen } = request
  const person = { id: 6, login, username: login }
  const from = isFork ? { ...place, id: 141, full_name: `${login}/shop`, fork: true } : place
  if (sender.kind === 'gitlab') {
    return sealed(sender, 'Merge Request Hook', {
      object_kind: 'merge_request',
      event_type: 'merge_request',
      user: { id: 6, name: login, username: login },
      project: { id: place.id, path_with_namespace: 'team/shop' },
      object_attributes: {
        id: 3_000 + number,
        iid: number,
        author_id: 6,
        title,
        state: isOpen ? 'opened' : 'closed',
        action: isOpen ? 'open' : 'close',
        source_branch: 'fix',
        target_branch: 'main',
        source_project_id: from.id,
        target_project_id: place.id,
        last_commit: { id: head, message: title },
      },
    })
  }
  return sealed(sender, 'pull_request', {
    action: isOpen ? 'opened' : 'closed',
    number,
    pull_request: {
      id: 3_000 + number,
      number,
      title,
      user: person,
      state: isOpen ? 'open' : 'closed',
      merged: false,
      head: { label: 'fix', ref: 'fix', sha: head, repo_id: from.id, repo: from },
      base: { label: 'main', ref: 'main', sha: zeros, repo_id: place.id, repo: place },
    },
    repository: place,
    sender: person,
  })
}

/** What GitHub sends when a hook was made, and Gitea and Forgejo when somebody tries it out. */
export function sentPing(sender: Sender): Sent {
  if (sender.kind === 'github') {
    return sealed(sender, 'ping', {
      zen: 'Keep it simple.',
      hook_id: 7,
      hook: { type: 'Repository' },
      repository: place,
    })
  }
  const head = createHash('sha1').update('head').digest('hex')
  return sentPush(sender, { ref: 'refs/heads/main', from: head, to: head, login: 'ada' })
}

function sealed(sender: Sender, event: string, body: unknown): Sent {
  const text = JSON.stringify(body)
  return { body: text, headers: { 'content-type': 'application/json', ...headersOf(sender, event, text) } }
}

/** The headers that a forge puts on this body. Those of others that Gitea and Forgejo send as well are there too. */
function headersOf(sender: Sender, event: string, body: string): Readonly<Record<string, string>> {
  const id = randomUUID()
  const hex = createHmac('sha256', sender.secret).update(body).digest('hex')
  const likeGithub = {
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${hex}`,
  }
  const likeGitea = {
    ...likeGithub,
    'x-gogs-event': event,
    'x-gogs-delivery': id,
    'x-gogs-signature': hex,
    'x-gitea-event': event,
    'x-gitea-event-type': event,
    'x-gitea-delivery': id,
    'x-gitea-signature': hex,
  }
  switch (sender.kind) {
    case 'github':
      return { ...likeGithub, 'user-agent': 'GitHub-Hookshot/044aadd' }
    case 'gitea':
      return likeGitea
    case 'forgejo':
      return {
        ...likeGitea,
        'x-forgejo-event': event,
        'x-forgejo-event-type': event,
        'x-forgejo-delivery': id,
        'x-forgejo-signature': hex,
      }
    case 'gitlab':
      return { 'x-gitlab-event': event, 'x-gitlab-event-uuid': id, ...sealOfGitlab(sender, id, body) }
  }
}

/** The id and the time are sent in both ways, signed or not. */
function sealOfGitlab({ webhook, secret, at }: Sender, id: string, body: string) {
  const seconds = String(Math.floor(at / 1_000))
  const named = { 'idempotency-key': id, 'webhook-id': id, 'webhook-timestamp': seconds }
  if (webhook === 'token') return { ...named, 'x-gitlab-token': secret }
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { ...named, 'webhook-signature': `v1,${signature}` }
}
