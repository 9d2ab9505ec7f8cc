import { createHmac, randomUUID } from 'node:crypto'
import type { Random } from '../../lab/random.ts'
import { type Sender, type Sent, sentPush, type SentPush } from '../../src/vcs/forges/webhook-sender.ts'

/** A webhook that nobody may believe, and what is wrong with it. */
export type Forged = Readonly<{ how: string; path: string; sent: Sent }>

type Draw = Readonly<{
  repo: string
  sender: Sender
  push: SentPush
  /** The secret of another repository of the same team. */
  otherSecret: string
  random: Random
}>

type Trick = Readonly<{
  how: string
  /** The kinds of senders that it makes sense for. */
  of: (sender: Sender) => boolean
  make: (draw: Draw) => Readonly<{ sent: Sent; path?: string }>
}>

const everybody = (): boolean => true
const signs = ({ webhook }: Sender): boolean => webhook === 'signature'
const isGitlab = ({ kind, webhook }: Sender): boolean => kind === 'gitlab' && webhook === 'signature'
const isHex = (sender: Sender): boolean => signs(sender) && !isGitlab(sender)
const isOldGitlab = ({ webhook }: Sender): boolean => webhook === 'token'

/** The header that proves who a webhook is of. */
function proofOf({ kind, webhook }: Sender): string {
  if (kind === 'gitlab') return webhook === 'token' ? 'x-gitlab-token' : 'webhook-signature'
  return kind === 'github' ? 'x-hub-signature-256' : `x-${kind}-signature`
}

const good = ({ sender, push }: Draw): Sent => sentPush(sender, push)

function withProof(draw: Draw, proof: (real: string) => string | null): Readonly<{ sent: Sent }> {
  const { headers, body } = good(draw)
  const name = proofOf(draw.sender)
  const { [name]: real = '', ...others } = headers
  const made = proof(real)
  return { sent: { body, headers: made === null ? others : { ...others, [name]: made } } }
}

/** One character of a text becomes another one that stands for something else. */
function flipped(text: string, random: Random): string {
  const places = Array.from(text.matchAll(/[A-Za-z0-9]/g), ({ index }) => index)
  // The last character of base64 has bits that mean nothing.
  const at = places[random.between(0, Math.max(0, places.length - 3))] ?? 0
  return text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1)
}

const aged = (ms: number) => (draw: Draw) => ({
  sent: sentPush({ ...draw.sender, at: draw.sender.at + ms }, draw.push),
})

const tricks: readonly Trick[] = [
  { how: 'unsigned', of: everybody, make: (draw) => withProof(draw, () => null) },
  { how: 'an empty proof', of: everybody, make: (draw) => withProof(draw, () => '') },
  {
    how: 'a flipped proof',
    of: everybody,
    make: (draw) => withProof(draw, (real) => flipped(real, draw.random)),
  },
  { how: 'a shorter proof', of: everybody, make: (draw) => withProof(draw, (real) => real.slice(0, -1)) },
  { how: 'a longer proof', of: everybody, make: (draw) => withProof(draw, (real) => `${real}0`) },
  {
    how: 'two proofs in one header',
    of: isHex,
    make: (draw) => withProof(draw, (real) => `${real}, ${real}`),
  },
  {
    how: 'a body of which one byte was changed',
    of: signs,
    make: (draw) => {
      const { headers, body } = good(draw)
      return { sent: { headers, body: flipped(body, draw.random) } }
    },
  },
  {
    how: 'a body with a blank at its end',
    of: signs,
    make: (draw) => {
      const { headers, body } = good(draw)
      return { sent: { headers, body: `${body} ` } }
    },
  },
  {
    how: 'signed with another secret',
    of: everybody,
    make: (draw) => ({ sent: good({ ...draw, sender: { ...draw.sender, secret: draw.otherSecret } }) }),
  },
  {
    how: 'signed with no secret',
    of: signs,
    make: (draw) => ({ sent: good({ ...draw, sender: { ...draw.sender, secret: '' } }) }),
  },
  {
    how: 'sent by another forge',
    of: everybody,
    make: (draw) => {
      const kinds = (['github', 'gitlab'] as const).filter((kind) => kind !== draw.sender.kind)
      const kind = draw.random.pick(kinds)
      return { sent: good({ ...draw, sender: { ...draw.sender, kind, webhook: 'signature' } }) }
    },
  },
  {
    how: 'signed as Gitea would, with a bad signature of its own',
    of: (sender) => sender.kind === 'forgejo',
    make: (draw) => {
      const { headers, body } = sentPush({ ...draw.sender, kind: 'gitea' }, draw.push)
      return {
        sent: {
          body,
          headers: { ...headers, 'x-forgejo-event': 'push', 'x-forgejo-signature': '0'.repeat(64) },
        },
      }
    },
  },
  {
    how: 'the secret itself as the token of GitLab',
    of: signs,
    make: (draw) => {
      const { sent } = withProof(draw, () => null)
      return { sent: { ...sent, headers: { ...sent.headers, 'x-gitlab-token': draw.sender.secret } } }
    },
  },
  {
    how: 'a signature of SHA-1',
    of: (sender) => sender.kind === 'github',
    make: (draw) => {
      const { sent } = withProof(draw, () => null)
      const hex = createHmac('sha1', draw.sender.secret).update(sent.body).digest('hex')
      return { sent: { ...sent, headers: { ...sent.headers, 'x-hub-signature': `sha1=${hex}` } } }
    },
  },
  {
    how: 'signed over what is in the form, not over the form',
    of: isHex,
    make: (draw) => {
      const { headers, body } = good(draw)
      const form = new URLSearchParams({ payload: body }).toString()
      return {
        sent: { body: form, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' } },
      }
    },
  },
  { how: 'six minutes old', of: isGitlab, make: aged(-6 * 60_000) },
  { how: 'of six minutes from now', of: isGitlab, make: aged(6 * 60_000) },
  {
    how: 'the time of another day',
    of: isGitlab,
    make: (draw) => {
      const { headers, body } = sentPush({ ...draw.sender, at: draw.sender.at - 86_400_000 }, draw.push)
      const now = String(Math.floor(draw.sender.at / 1_000))
      return { sent: { body, headers: { ...headers, 'webhook-timestamp': now } } }
    },
  },
  {
    how: 'the id of another delivery',
    of: isGitlab,
    make: (draw) => {
      const { headers, body } = good(draw)
      return { sent: { body, headers: { ...headers, 'webhook-id': randomUUID() } } }
    },
  },
  {
    how: 'a scheme of another version',
    of: isGitlab,
    make: (draw) => withProof(draw, (real) => real.replace('v1,', 'v2,')),
  },
  {
    how: 'a token in capitals',
    of: isOldGitlab,
    make: (draw) => withProof(draw, (real) => real.toUpperCase()),
  },
  { how: 'a token twice', of: isOldGitlab, make: (draw) => withProof(draw, (real) => `${real}, ${real}`) },
  {
    how: 'for a repository that there is not',
    of: everybody,
    make: (draw) => ({ sent: good(draw), path: `/hooks/${draw.repo}x` }),
  },
  {
    how: 'for a name that is a path',
    of: everybody,
    make: (draw) => ({ sent: good(draw), path: `/hooks/..%2f${draw.repo}` }),
  },
  {
    how: 'for another repository of the team',
    of: isHex,
    make: (draw) => ({ sent: good(draw), path: '/hooks/gitlab' }),
  },
]

/** The next webhook that nobody may believe: the kinds of forgery take turns. */
export function forge(nth: number, draw: Draw): Forged {
  const fit = tricks.filter(({ of }) => of(draw.sender))
  const trick = fit[nth % fit.length]
  if (trick === undefined) throw new Error('there is a trick for everybody')
  const { sent, path = `/hooks/${draw.repo}` } = trick.make(draw)
  return { how: `${trick.how}, as ${draw.repo}`, path, sent }
}

/** A copy of a webhook that was taken, in one of the ways in which it is still signed. */
export function replayOf(nth: number, { headers, body }: Sent, sender: Sender): Sent {
  const renamed = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /delivery|uuid|idempotency/.test(name) ? randomUUID() : value,
    ]),
  )
  const ways: readonly Sent[] = [
    { headers, body },
    { headers: renamed, body },
    { headers: { ...headers, [`x-${sender.kind}-event`]: 'pull_request' }, body },
    { headers: { ...headers, 'content-type': 'text/plain', 'x-forwarded-for': '203.0.113.7' }, body },
    { headers: { ...renamed, 'user-agent': 'curl/8' }, body },
  ]
  return ways[nth % ways.length] ?? { headers, body }
}
