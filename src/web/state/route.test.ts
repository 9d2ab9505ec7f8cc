import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crumbsOf, fileAddress, runAddress, shortRef } from './code/route.ts'
import { routeOf, timelineAddress, tokenIn } from './route.ts'

test('every address has its page', () => {
  const table = [
    ['/', { page: 'timeline', target: null, text: '' }],
    ['/?target=shop%40production&text=ada', { page: 'timeline', target: 'shop@production', text: 'ada' }],
    ['/changes/c12', { page: 'change', id: 'c12' }],
    ['/changes/12', { page: 'nowhere', path: '/changes/12' }],
    ['/apps', { page: 'apps' }],
    ['/hosts', { page: 'hosts', among: null, text: '' }],
    ['/hosts?among=web&text=differs', { page: 'hosts', among: 'web', text: 'differs' }],
    ['/hosts/web1.example', { page: 'host', host: 'web1.example' }],
    ['/hosts/web1/x', { page: 'nowhere', path: '/hosts/web1/x' }],
    ['/repos', { page: 'repos' }],
    ['/repos/shop', { page: 'tree', repo: 'shop', ref: null, path: '', line: null }],
    ['/repos/shop/blame?path=a&line=7', { page: 'blame', repo: 'shop', ref: null, path: 'a', line: 7 }],
    ['/repos/shop/file?path=a&line=-1', { page: 'file', repo: 'shop', ref: null, path: 'a', line: null }],
    ['/repos/shop/commits', { page: 'commits', repo: 'shop', ref: null, path: '' }],
    ['/repos/shop/commits/3f2a1c9?split=1', { page: 'commit', repo: 'shop', hash: '3f2a1c9', isSplit: true }],
    ['/repos/shop/commits/..', { page: 'nowhere', path: '/repos/shop/' }],
    ['/repos/shop/refs', { page: 'refs', repo: 'shop', text: '' }],
    ['/repos/shop/runs', { page: 'repo runs', repo: 'shop', ref: null }],
    ['/repos/shop/tests?sort=x', { page: 'tests', repo: 'shop', sort: 'failing' }],
    ['/repos/shop/else', { page: 'nowhere', path: '/repos/shop/else' }],
    ['/runs?repo=shop', { page: 'runs', repo: 'shop', ref: null }],
    ['/runs/r7?job=test&attempt=2', { page: 'run', id: 'r7', job: 'test', attempt: 2 }],
    ['/train', { page: 'train' }],
    ['/login', { page: 'login' }],
    ['/flags?environment=staging', { page: 'flags', environment: 'staging', text: '' }],
    ['/flags/checkout.new-button', { page: 'flag', key: 'checkout.new-button', environment: null }],
    ['/nothing', { page: 'nowhere', path: '/nothing' }],
  ] as const
  for (const [address, route] of table) assert.deepEqual(routeOf(address), route, address)
})

test('the filters of the timeline survive the address bar', () => {
  const address = timelineAddress('shop@production', 'ada & co #1')
  assert.deepEqual(routeOf(address), { page: 'timeline', target: 'shop@production', text: 'ada & co #1' })
  assert.equal(timelineAddress(null, ''), '/')
})

test('a token is taken from the fragment only', () => {
  assert.equal(tokenIn('#token=abc-123'), 'abc-123')
  assert.equal(tokenIn('#content'), null)
  assert.equal(tokenIn(''), null)
})

test('names of refs, files and jobs survive the address bar, whatever they hold', () => {
  for (const name of ['a b&c=d#e?f', '"><img src=x>', '../..', '%2e%2e/%00', 'ä/ö', 'x;$(id)'])
    assert.deepEqual(routeOf(fileAddress('shop', { ref: name, path: name, line: 3 })), {
      page: 'file',
      repo: 'shop',
      ref: name,
      path: name,
      line: 3,
    })
  assert.deepEqual(routeOf(runAddress('r1', 'test (a&b)', 2)), {
    page: 'run',
    id: 'r1',
    job: 'test (a&b)',
    attempt: 2,
  })
})

test('paths have their folders, and refs their short names', () => {
  assert.deepEqual(
    crumbsOf('a/b').map(({ path }) => path),
    ['a', 'a/b'],
  )
  assert.deepEqual(crumbsOf(''), [])
  const short = [
    'refs/heads/a/b',
    'refs/tags/v1',
    'refs/pull/3/head',
    'refs/merge-requests/4/head',
    'abc',
  ].map(shortRef)
  assert.deepEqual(short, ['a/b', 'v1', '#3', '#4', 'abc'])
})
