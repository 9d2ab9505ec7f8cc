import assert from 'node:assert/strict'
import { test } from 'node:test'
import { haproxyFront } from './haproxy-front.ts'
import { complaints, lowered, textAt } from './try-sort.ts'

const path = '/var/lib/tandem/front/conf/01-host.cfg'

test('a front is HAProxy, its own unit out of the way, and a part that a deploy does not write', async () => {
  const things = await lowered(haproxyFront, 'front', {
    maxConnections: 5000,
    metrics: { port: 9101, from: ['10.0.0.0/8', 'fd00::/8'] },
    global: 'tune.bufsize 32768',
  })
  assert.deepEqual(
    things.map(({ key }) => key),
    [
      'package haproxy, haproxyFront front',
      'unit haproxy.service',
      'path /var/lib/tandem/front',
      'path /var/lib/tandem/front/conf',
      `path ${path}`,
    ],
  )
  assert.deepEqual(things.at(-1)?.owes, [{ type: 'reload', unit: 'tandem-front.service' }])
  const [, debian] = things
  assert.ok(debian?.type === 'unit' && debian.running === false && debian.enabled === false)
  assert.equal(
    textAt(things, path),
    `# Written by tandem from a recipe.
global
  maxconn 5000
  tune.bufsize 32768

frontend tandem-metrics-for-others
  mode http
  timeout client 10s
  timeout http-request 10s
  bind :9101
  http-request deny unless { src 10.0.0.0/8 fd00::/8 }
  http-request use-service prometheus-exporter if { path /metrics }
`,
  )
})

test('a front without settings says nothing over those of a deploy', async () => {
  assert.equal(
    textAt(await lowered(haproxyFront, 'front'), path),
    '# Written by tandem from a recipe.\nglobal\n',
  )
})

test('a front whose settings are none is refused', () => {
  assert.deepEqual(complaints(haproxyFront, 'front', { metrics: {}, maxConnections: 5, global: 'a\nb' }), [
    'haproxyFront.maxConnections is 5 but must be a whole number from 100 to 10000000, such as 20000; write one like that',
    "haproxyFront.metrics has no 'port'; add port: 9101",
    "haproxyFront.global is 'a\nb' but must be one line of text, such as 'DenyUsers guest'; write one like that",
  ])
})
