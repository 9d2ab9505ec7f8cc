import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ForgeView } from '../../api/wire/code.ts'
import { hookText } from './hook.ts'
import { paintFor } from '../../words/paint.ts'

const now = 1_000_000
const page = { paint: paintFor({ hasColour: false }), now }

const forge: ForgeView = {
  repo: 'shop',
  kind: 'github',
  url: 'https://github.com/team/shop',
  hook: {
    path: '/hooks/shop',
    url: 'https://tandem.example.org/hooks/shop',
    secret: 'HOOK',
    isSecretSet: true,
    isWeak: false,
    taken: 3,
    lastTakenAt: now - 120_000,
    repeated: 0,
    refused: 1,
    lastRefusal: { at: now - 60_000, why: 'there is no x-hub-signature-256' },
  },
  looked: { at: now - 10_000, trouble: null, refused: [] },
  statuses: { token: 'FORGE', waiting: 0, sentAt: now, trouble: null },
  requests: [],
}

test('it says what to enter on the forge, and how it goes since', () => {
  assert.deepEqual(hookText(forge, page), [
    'add a webhook at https://github.com/team/shop/settings/hooks/new',
    '  Payload URL   https://tandem.example.org/hooks/shop',
    '  Content type  application/json',
    '  Secret        the value of HOOK in infra',
    '  Events        pushes, pull requests',
    '',
    'last webhook 2 min ago (since the hub began: 3 taken, 0 repeated, 1 refused)',
    'last refused 1 min ago: there is no x-hub-signature-256',
    'its refs were looked at 10 s ago',
    'statuses: last sent just now',
  ])
})

test('what has to be done before it works comes first, and troubles are shown', () => {
  const hook = {
    ...forge.hook,
    url: null,
    isSecretSet: false,
    isWeak: true,
    taken: 0,
    lastTakenAt: null,
    lastRefusal: null,
  }
  const trouble = { what: 'cannot fetch from it', now: 'mend the address' }
  const looked = {
    at: null,
    trouble,
    refused: [{ ref: 'refs/pull/7/head', why: 'it is larger than 9 bytes' }],
  }
  const statuses = { token: 'FORGE', waiting: 2, sentAt: null, trouble: 'it answered 401: no' }
  assert.deepEqual(hookText({ ...forge, kind: 'gitlab', hook, looked, statuses }, page).slice(1), [
    '  URL           https://YOUR-HUB/hooks/shop',
    '  Secret token  the value of HOOK in infra',
    '  Trigger       push events, tag push events, merge request events',
    "next: say where the hub is in tandem.ts: url: 'https://…'",
    'next: set the secret: `tandem secret set HOOK --in infra`',
    'next: GitLab 19 and later can sign: leave out `webhook`, which is stronger',
    '',
    'no webhook was taken (since the hub began: 0 taken, 0 repeated, 1 refused)',
    'its refs were not looked at yet',
    'trouble: cannot fetch from it; mend the address',
    'not fetched: refs/pull/7/head: it is larger than 9 bytes',
    'statuses: none was sent yet, 2 wait',
    'trouble: it answered 401: no',
  ])
})

test('each forge has its own page and words', () => {
  const first = (kind: ForgeView['kind']) => hookText({ ...forge, kind }, page)[0]
  assert.match(first('gitea') ?? '', /\/settings\/hooks\/gitea\/new$/)
  assert.match(first('forgejo') ?? '', /\/settings\/hooks\/forgejo\/new$/)
  assert.match(first('gitlab') ?? '', /\/-\/hooks$/)
})
