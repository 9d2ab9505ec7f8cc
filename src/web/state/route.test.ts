import assert from 'node:assert/strict'
import { test } from 'node:test'
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
    ['/login', { page: 'login' }],
    ['/flags', { page: 'nowhere', path: '/flags' }],
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
