import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { type Delivery, faultOf } from './signature.ts'

const secret = "It's a Secret to Everybody"
const hello = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
const key = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const standard = {
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}
const then = 1_614_265_330_000

function delivery(headers: Readonly<Record<string, string>>, body = 'Hello, World!'): Delivery {
  return { header: (name) => headers[name] ?? null, body: Buffer.from(body) }
}

const hexForges = [
  { kind: 'github', name: 'x-hub-signature-256', before: 'sha256=' },
  { kind: 'gitea', name: 'x-gitea-signature', before: '' },
  { kind: 'forgejo', name: 'x-forgejo-signature', before: '' },
] as const

test('the published vector of HMAC forges is believed, in small and in capital letters', () => {
  for (const { kind, name, before } of hexForges) {
    const forge = { kind, webhook: 'signature' } as const
    for (const hex of [hello, hello.toUpperCase()]) {
      assert.equal(faultOf(forge, delivery({ [name]: `${before}${hex}` }), secret, 0), null, kind)
    }
  }
})

test('what is not quite the signature is refused, and the reason names the header', () => {
  const flipped = `${hello.slice(0, -1)}6`
  for (const { kind, name, before } of hexForges) {
    const forge = { kind, webhook: 'signature' } as const
    const fault = (headers: Record<string, string>, body?: string) =>
      faultOf(forge, delivery(headers, body), secret, 0)
    assert.equal(fault({}), `there is no ${name}`)
    assert.equal(fault({ [name]: `${before}${flipped}` }), `${name} is not made with our secret`)
    assert.equal(
      fault({ [name]: `${before}${hello}` }, 'Hello, World'),
      `${name} is not made with our secret`,
    )
    for (const odd of [
      '',
      before,
      `${before}${hello.slice(1)}`,
      `${before}${hello}0`,
      `sha1=${hello}`,
      `${before}${hello}, x`,
    ]) {
      assert.equal(fault({ [name]: odd }), `${name} is no signature`, odd)
    }
  }
})

test('a good signature under the header of another forge rescues nothing', () => {
  const others = {
    'x-gitea-signature': hello,
    'x-hub-signature-256': `sha256=${hello}`,
    'x-gogs-signature': hello,
  }
  const forgejo = { kind: 'forgejo', webhook: 'signature' } as const
  const bad = { ...others, 'x-forgejo-signature': `${hello.slice(0, -1)}6` }
  assert.equal(faultOf(forgejo, delivery(bad), secret, 0), 'x-forgejo-signature is not made with our secret')
  assert.equal(faultOf(forgejo, delivery(others), secret, 0), 'there is no x-forgejo-signature')
  const gitlab = { kind: 'gitlab', webhook: 'signature' } as const
  const token = { ...others, 'x-gitlab-token': key, 'webhook-id': 'a', 'webhook-timestamp': '0' }
  assert.equal(faultOf(gitlab, delivery(token), key, 0), 'there is no webhook-signature')
})

test('the published vector of Standard Webhooks is believed for five minutes in both directions', () => {
  const gitlab = { kind: 'gitlab', webhook: 'signature' } as const
  const body = '{"test": 2432232314}'
  const fault = (headers: Record<string, string>, at = then) =>
    faultOf(gitlab, delivery({ ...standard, ...headers }, body), key, at)
  for (const at of [then, then + 300_000, then - 300_000]) assert.equal(fault({}, at), null)
  for (const at of [then + 300_001, then - 300_001]) {
    assert.equal(fault({}, at), 'webhook-timestamp is over 5 minutes from our time')
  }
  assert.equal(fault({ 'webhook-signature': `v1,${'A'.repeat(43)}= ${standard['webhook-signature']}` }), null)
  const unsigned = 'webhook-signature is not made with our secret'
  assert.equal(fault({ 'webhook-timestamp': '1614265331' }), unsigned)
  assert.equal(fault({ 'webhook-id': 'msg_another' }), unsigned)
  assert.equal(fault({ 'webhook-signature': standard['webhook-signature'].replace('v1', 'v2') }), unsigned)
  assert.equal(fault({ 'webhook-signature': '' }), unsigned)
  const late = `${'v1,x '.repeat(8)}${standard['webhook-signature']}`
  assert.equal(fault({ 'webhook-signature': late }), unsigned)
  assert.equal(fault({ 'webhook-timestamp': '1e9' }), 'webhook-timestamp is no time')
})

test('a dot cannot be moved from the body into the id', () => {
  const body = '{"of":"v1.1614265330.0"}'
  const signed = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
    .update(`a.1.${body}`)
    .digest('base64')
  const [head = '', tail = ''] = body.split('.1614265330.')
  const moved = {
    'webhook-id': `a.1.${head}`,
    'webhook-timestamp': '1614265330',
    'webhook-signature': `v1,${signed}`,
  }
  const fault = faultOf({ kind: 'gitlab', webhook: 'signature' }, delivery(moved, tail), key, then)
  assert.equal(fault, 'webhook-id is no id')
})

test('a secret that is no signing token is named as the fault', () => {
  const gitlab = { kind: 'gitlab', webhook: 'signature' } as const
  assert.match(faultOf(gitlab, delivery(standard), secret, then) ?? '', /begin with whsec_/)
  assert.match(faultOf(gitlab, delivery(standard), 'whsec_AAAAAAAAAAAA', then) ?? '', /too short/)
})

test('an older GitLab sends the secret itself', () => {
  const older = { kind: 'gitlab', webhook: 'token' } as const
  assert.equal(faultOf(older, delivery({ 'x-gitlab-token': secret }), secret, 0), null)
  assert.equal(faultOf(older, delivery({}), secret, 0), 'there is no x-gitlab-token')
  for (const wrong of ['', secret.slice(1), `${secret} `, secret.toLowerCase()]) {
    assert.equal(
      faultOf(older, delivery({ 'x-gitlab-token': wrong }), secret, 0),
      'x-gitlab-token is not our secret',
    )
  }
})

test('no secret, or one that can be guessed, opens nothing', () => {
  for (const weak of ['', 'short', 'fifteen letters']) {
    const signed = createHmac('sha256', weak).update('Hello, World!').digest('hex')
    const fault = faultOf(
      { kind: 'gitea', webhook: 'signature' },
      delivery({ 'x-gitea-signature': signed }),
      weak,
      0,
    )
    assert.equal(fault, 'the secret is shorter than 16 characters')
  }
})
