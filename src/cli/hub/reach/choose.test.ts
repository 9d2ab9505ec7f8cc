import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleError } from '../../../change/trouble.ts'
import { chooseHub, hubUrl, type Known } from './choose.ts'

const a = 'https://a.test'
const b = 'https://b.test'
const nothing: Known = { named: null, env: {}, logins: { tokens: {}, projects: {} }, project: null }
const loggedIn = { tokens: { [a]: 'ta', [b]: 'tb' }, projects: { '/shop': a } }
const away = (url: string, token: string) => ({ type: 'away', url, token })

const choices: readonly (readonly [name: string, known: Partial<Known>, chosen: unknown])[] = [
  ['the project itself', { project: '/shop' }, { type: 'here', project: '/shop' }],
  ['the login of the project', { project: '/shop', logins: loggedIn }, away(a, 'ta')],
  [
    'the project, not a login of another',
    { project: '/till', logins: loggedIn },
    { type: 'here', project: '/till' },
  ],
  [
    'the environment over the login',
    { project: '/shop', logins: loggedIn, env: { TANDEM_HUB: b } },
    away(b, 'tb'),
  ],
  [
    'the named one over all',
    { named: 'b.test', project: '/shop', logins: loggedIn, env: { TANDEM_HUB: a } },
    away(b, 'tb'),
  ],
  [
    'the token of the environment for its hub',
    { env: { TANDEM_HUB: a, TANDEM_TOKEN: 'te' }, logins: loggedIn },
    away(a, 'te'),
  ],
  ['the token of the environment for a named hub', { named: a, env: { TANDEM_TOKEN: 'te' } }, away(a, 'te')],
  [
    'no token meant for another hub',
    { named: b, env: { TANDEM_HUB: a, TANDEM_TOKEN: 'te' }, logins: loggedIn },
    away(b, 'tb'),
  ],
  [
    'nothing set is as not set',
    { project: '/shop', env: { TANDEM_HUB: '', TANDEM_TOKEN: '' } },
    { type: 'here', project: '/shop' },
  ],
  ['the only login, outside a project', { logins: { tokens: { [a]: 'ta' }, projects: {} } }, away(a, 'ta')],
]

test('the hub that is nearest to what was said is chosen', () => {
  for (const [name, known, chosen] of choices) {
    assert.deepEqual(chooseHub({ ...nothing, ...known }), chosen, name)
  }
})

test('where no hub or no token is known, it says how to get one', () => {
  const troubles: readonly (readonly [Partial<Known>, RegExp])[] = [
    [{}, /tandem init.*tandem login/],
    [{ logins: loggedIn }, /--hub: https:\/\/a\.test, https:\/\/b\.test/],
    [{ named: 'c.test' }, /tandem login https:\/\/c\.test/],
    [{ named: b, env: { TANDEM_HUB: a, TANDEM_TOKEN: 'te' } }, /tandem login https:\/\/b\.test/],
  ]
  for (const [known, now] of troubles) {
    assert.throws(
      () => chooseHub({ ...nothing, ...known }),
      (thrown) => thrown instanceof TroubleError && now.test(thrown.trouble.now),
    )
  }
})

test('a URL may be written short, and never carries a password', () => {
  assert.equal(hubUrl('tandem.example.org'), 'https://tandem.example.org')
  assert.equal(hubUrl('localhost:7700/'), 'http://localhost:7700')
  assert.equal(hubUrl('https://example.org/tandem/'), 'https://example.org/tandem')
  for (const bad of ['ftp://a.test', 'http://', 'https://ada:pw@a.test', 'not a url']) {
    assert.throws(() => hubUrl(bad), TroubleError, bad)
  }
})
