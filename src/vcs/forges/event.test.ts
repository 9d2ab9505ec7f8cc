import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forgeKinds } from '../../config/repo/repo.ts'
import { eventOf } from './event.ts'
import { type Delivery, faultOf } from './signature.ts'
import { type Sender, type Sent, sentPing, sentPush, sentRequest } from './webhook-sender.ts'

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)]
const at = 1_764_000_000_000

const senders: readonly Sender[] = [
  ...forgeKinds.map((kind) => ({ kind, webhook: 'signature' as const, secret: secretOf(kind), at })),
  { kind: 'gitlab', webhook: 'token', secret: secretOf('github'), at },
]

function secretOf(kind: string): string {
  return kind === 'gitlab' ? `whsec_${Buffer.alloc(32, 7).toString('base64')}` : 'sixteen letters and more'
}

const delivered = ({ headers, body }: Sent): Delivery => ({
  header: (name) => headers[name] ?? null,
  body: Buffer.from(body),
})

test('what each forge sends is believed and read: branches and tags, new, moved and deleted', () => {
  const moves = [
    { ref: 'refs/heads/main', from: a, to: b },
    { ref: 'refs/heads/x;id', from: null, to: b },
    { ref: 'refs/tags/v1', from: null, to: a },
    { ref: 'refs/heads/old', from: a, to: null },
  ]
  for (const sender of senders) {
    for (const move of moves) {
      const delivery = delivered(sentPush(sender, { ...move, login: 'ada' }))
      assert.equal(faultOf(sender, delivery, sender.secret, at), null, sender.kind)
      assert.deepEqual(eventOf(sender.kind, delivery), { type: 'pushed', ...move, login: 'ada' }, sender.kind)
    }
  }
})

test('requests say their ref, who opened them, and whether they come from a fork', () => {
  for (const sender of senders) {
    for (const isFork of [true, false]) {
      const sent = { number: 3, head: b, title: 'Fix it', login: 'mallory', isFork, isOpen: true }
      const event = eventOf(sender.kind, delivered(sentRequest(sender, sent)))
      const ref = sender.kind === 'gitlab' ? 'refs/merge-requests/3/head' : 'refs/pull/3/head'
      const { login: author, ...said } = sent
      assert.deepEqual(
        event,
        { type: 'request', request: { ...said, ref, onto: 'main', author } },
        sender.kind,
      )
    }
  }
})

test('the one who touched a merge request is not taken for the one who opened it', () => {
  const [sender] = senders.filter(({ kind }) => kind === 'gitlab')
  assert.ok(sender)
  const sent = sentRequest(sender, {
    number: 3,
    head: b,
    title: '',
    login: 'ada',
    isFork: true,
    isOpen: false,
  })
  const body = sent.body.replace('"author_id":6', '"author_id":66')
  const event = eventOf('gitlab', delivered({ ...sent, body }))
  assert.ok(event.type === 'request')
  assert.deepEqual([event.request.author, event.request.isOpen], [null, false])
})

test('trying a hook out is no push', () => {
  for (const sender of senders.filter(({ kind }) => kind !== 'gitlab')) {
    assert.deepEqual(eventOf(sender.kind, delivered(sentPing(sender))), { type: 'ping' }, sender.kind)
  }
})

test('a form with the JSON in it is read like the JSON', () => {
  const [sender] = senders
  assert.ok(sender)
  const { body, headers } = sentPush(sender, { ref: 'refs/heads/main', from: a, to: b, login: 'ada' })
  const form = {
    body: new URLSearchParams({ payload: body }).toString(),
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
  }
  assert.equal(eventOf('github', delivered(form)).type, 'pushed')
})

test('what moves no ref is left alone, and a body of another shape says where it differs', () => {
  const event = (kind: Sender['kind'], headers: Record<string, string>, body: string) =>
    eventOf(kind, delivered({ headers, body }))
  assert.deepEqual(event('github', { 'x-github-event': 'issues' }, '{}'), { type: 'other', name: 'issues' })
  assert.deepEqual(event('gitlab', {}, '{"object_kind":"note"}'), { type: 'other', name: 'note' })
  assert.deepEqual(event('gitea', { 'x-gitea-event': 'push' }, '{'), {
    type: 'unread',
    why: 'its body is not JSON',
  })
  for (const body of ['null', '[]', '{}', '{"ref":"main"}', '"x"'.repeat(2), '{"ref":"refs/heads/a\\nb"}']) {
    for (const kind of forgeKinds) {
      const headers = { 'x-github-event': 'push', 'x-gitea-event': 'push', 'x-forgejo-event': 'push' }
      assert.equal(event(kind, headers, body).type, 'unread', `${kind} ${body}`)
    }
  }
})

test('a forge reads its own header of the event, not those of others', () => {
  const headers = { 'x-github-event': 'push', 'x-gitea-event': 'push' }
  assert.deepEqual(eventOf('forgejo', delivered({ headers, body: '{}' })), { type: 'other', name: '' })
})
