import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ForgeConfig } from '../../config/repo/repo.ts'
import { postOf, resultOf } from './status-post.ts'

const commit = 'a'.repeat(40)
const status = { context: 'tandem/ci', state: 'failure', text: 'test failed', path: '/runs/r1' } as const

function post(kind: ForgeConfig['kind'], url: string, hub: string | null = 'https://hub.example.org') {
  return postOf({ forge: { kind, url }, token: 'T', commit, status, hub })
}

test('each forge has its API where its own documents say', () => {
  const table = [
    ['github', 'https://github.com/team/shop', 'https://api.github.com/repos/team/shop/statuses/'],
    ['github', 'https://git.corp/team/shop.git', 'https://git.corp/api/v3/repos/team/shop/statuses/'],
    ['gitea', 'https://git.corp:3000/team/shop', 'https://git.corp:3000/api/v1/repos/team/shop/statuses/'],
    ['forgejo', 'https://corp/git/team/shop', 'https://corp/git/api/v1/repos/team/shop/statuses/'],
    ['gitlab', 'https://gitlab.com/a/b/shop', 'https://gitlab.com/api/v4/projects/a%2Fb%2Fshop/statuses/'],
  ] as const
  for (const [kind, url, api] of table) assert.equal(post(kind, url).url, `${api}${commit}`)
})

test('states, names and tokens are in the words of the forge', () => {
  const said = { description: 'test failed', target_url: 'https://hub.example.org/runs/r1' }
  const github = post('github', 'https://github.com/team/shop')
  assert.deepEqual(github.body, { ...said, state: 'failure', context: 'tandem/ci' })
  assert.equal(github.headers['authorization'], 'Bearer T')
  const gitea = post('gitea', 'https://git.corp/team/shop')
  assert.deepEqual([gitea.headers['authorization'], gitea.body['context']], ['token T', 'tandem/ci'])
  const gitlab = post('gitlab', 'https://gitlab.com/team/shop')
  assert.deepEqual(gitlab.body, { ...said, state: 'failed', name: 'tandem/ci' })
  assert.equal(gitlab.headers['private-token'], 'T')
})

test('without an address of the hub there is no link, and what is too long is cut', () => {
  const forge = { kind: 'github', url: 'https://github.com/team/shop' } as const
  const long = { ...status, text: 'x'.repeat(500) }
  const { body } = postOf({ forge, token: 'T', commit, status: long, hub: null })
  assert.deepEqual([body['target_url'], body['description']?.length], [undefined, 140])
})

test('answers are told apart: done, later, never', () => {
  const answer = (
    status: number,
    text = '',
    headers: Record<string, string> = {},
    kind: ForgeConfig['kind'] = 'github',
  ) => resultOf(kind, { status, text, header: (name) => headers[name] ?? null, now: 1_000_000 })
  assert.equal(answer(201).type, 'done')
  const already = '{"message":"Cannot transition status via :run from :running"}'
  assert.equal(answer(400, already, {}, 'gitlab').type, 'done')
  assert.equal(answer(400, already).type, 'refused')
  assert.deepEqual(answer(422, '{"message":"No commit found"}'), {
    type: 'refused',
    why: 'it answered 422: No commit found',
  })
  assert.deepEqual(answer(502, '<html>bad\n gateway'), {
    type: 'later',
    why: 'it answered 502: <html>bad gateway',
    waitMs: null,
  })
  const waits = [
    answer(429, '', { 'retry-after': '30' }),
    answer(403, '', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1060' }),
    answer(401),
    answer(301),
  ]
  assert.deepEqual(
    waits.map((each) => each.type === 'later' && each.waitMs),
    [30_000, 60_000, 300_000, 300_000],
  )
})
