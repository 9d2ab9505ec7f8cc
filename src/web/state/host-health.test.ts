import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aHost } from '../dev-hub/sample.ts'
import { healthTone, healthWords } from '../words/health-words.ts'
import { differing, healthOf } from './host-health.ts'

const fenced = { by: 'c1', why: 'no answer', since: 1 }
const looked = { found: 0, at: 10, away: null }
const applied = { change: 'c1', at: 5, who: 'ada' }

test('a host stands as the worst that is known of it', () => {
  const table = [
    [aHost({ drift: looked, applied }), 'as its recipes say', 'good'],
    [aHost({ drift: { ...looked, found: 2 }, applied }), 'differs in 2', 'care'],
    [aHost({ drift: { ...looked, away: 'no route' } }), 'away', 'bad'],
    [aHost({ drift: { ...looked, found: 2 }, fenced }), 'fenced', 'bad'],
    [aHost({ drift: null }), 'not looked at yet', 'quiet'],
    [
      aHost({ drift: { ...looked, found: 2 }, applied: { ...applied, at: 11 } }),
      'changed since the last look',
      'quiet',
    ],
    [aHost({ drift: null, roles: ['backup'] }), 'no recipe', 'quiet'],
  ] as const
  for (const [host, words, tone] of table) {
    const health = healthOf(host, ['web'])
    assert.equal(healthWords(health), words)
    assert.equal(healthTone(health), tone, words)
  }
})

test('a recipe for all is a recipe for each', () => {
  assert.equal(healthOf(aHost({ roles: ['backup'], drift: looked }), ['all']).type, 'same')
})

test('only hosts that differ are counted', () => {
  const hosts = [aHost({ drift: { ...looked, found: 1 } }), aHost({ drift: looked }), aHost({ drift: null })]
  assert.equal(differing(hosts, ['web']), 1)
})
