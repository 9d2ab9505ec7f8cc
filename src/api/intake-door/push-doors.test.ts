import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { tryHub } from '../../hub/metrics/try-intake-hub.ts'

test('a line of a shell script is a sample', async (t) => {
  const hub = await tryHub(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await hub.send('/push', 'signups 3', form)
  assert.deepEqual([answer.status, await answer.text()], [204, ''])
  await hub.send('/push?host=web1&plan=none', 'a plan=pro 1&b 2', form)
  await hub.send('/push', gzipSync('c 5\nd 6\n'), { 'content-encoding': 'gzip' })
  assert.deepEqual(await hub.ask('{__name__=~".+"}'), [
    'a{host="web1",plan="pro"} 1',
    'b{host="web1",plan="none"} 2',
    'c 5',
    'd 6',
    'signups 3',
  ])
})

test('what a plugin prints becomes samples of its check', async (t) => {
  const hub = await tryHub(t)
  const answer = await hub.send('/push/perfdata?check=ping&host=web1', 'PING OK|rta=12ms;100;500;0')
  assert.equal(answer.status, 204)
  assert.deepEqual(await hub.ask('{__name__=~"nagios_.+"}'), [
    'nagios_ping_rta_crit{bound="upper",host="web1",perf="rta"} 0.5',
    'nagios_ping_rta_min{host="web1",perf="rta"} 0',
    'nagios_ping_rta_warn{bound="upper",host="web1",perf="rta"} 0.1',
    'nagios_ping_rta{host="web1",perf="rta"} 0.012',
  ])
})

test('who mistypes is told where, and nothing is taken', async (t) => {
  const hub = await tryHub(t)
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['/push', 'a 1\nb', /^line 2: expected a number, found the end of the line/],
    ['/push', 'a 1 5000000000', /^1 of 1 samples were not taken: 1 too new/],
    ['/push?no-label=1', 'a 1', /^"no-label" cannot be the name of a label/],
    ['/push/perfdata', 'a=1', /^expected the name of the check/],
    ['/push/perfdata?check=x', '|a=b', /^a: expected a number and its unit/],
  ]
  for (const [path, body, words] of cases) {
    const answer = await hub.send(path, body)
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), words)
  }
  assert.deepEqual(await hub.ask('{__name__=~".+"}'), [])
})
