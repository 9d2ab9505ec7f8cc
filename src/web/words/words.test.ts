import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statuses } from '../../change/status.ts'
import { aChange } from '../dev-hub/sample.ts'
import { releaseWords } from './release-words.ts'
import { lookOf, meaningOf, toneOf } from './status-words.ts'
import { agoWords, goingWords, tookWords } from './time-words.ts'
import { changeTitle, pageTitle } from './title-words.ts'

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]

test('how long ago is said in the largest unit that fits', () => {
  const now = new Date(2026, 10, 23).getTime()
  const table = [
    [-5 * minute, 'just now'],
    [4_999, 'just now'],
    [59_999, '59 s ago'],
    [90 * second, '1 min ago'],
    [25 * hour, '1 d ago'],
    [10 * day, '13 Nov'],
    [400 * day, '19 Oct 2025'],
  ] as const
  for (const [age, words] of table) assert.equal(agoWords(now - age, now), words)
})

test('how long it took has tenths only while they matter', () => {
  const table = [
    [-3, '0.0 s'],
    [4_230, '4.2 s'],
    [12_900, '12 s'],
    [72 * second, '1 min 12 s'],
    [2 * hour + 3 * minute, '2 h 3 min'],
  ] as const
  for (const [ms, words] of table) assert.equal(tookWords(ms), words)
  assert.equal(goingWords(4_230), '4 s')
})

test('a change that was done and taken back looks reverted, an undone one does not', () => {
  assert.equal(lookOf(aChange({ status: 'done', revertedBy: 'c2' })), 'reverted')
  assert.equal(lookOf(aChange({ status: 'done', revertedBy: null })), 'done')
  assert.equal(lookOf(aChange({ status: 'undone', revertedBy: 'c2' })), 'undone')
})

test('every status has a meaning of its own and a tone', () => {
  const looks = [...statuses, 'reverted', 'found'] as const
  assert.equal(new Set(looks.map(meaningOf)).size, looks.length)
  for (const look of looks) assert.match(toneOf(look), /^(quiet|busy|good|care|bad)$/)
})

test('the tab says what runs, else what the page is', () => {
  const open = aChange({ id: 'c12' })
  assert.equal(changeTitle(open), 'c12 running · shop')
  assert.equal(pageTitle('Apps', 'acme', [aChange({ status: 'done' }), open]), 'c12 running · shop')
  assert.equal(pageTitle('Apps', '/srv/acme/', []), 'Apps · acme · Tandem')
})

test('a release goes by its commit, else by its hash, both short', () => {
  assert.equal(releaseWords('3f2a1c9d0000', 'aaaa'), '3f2a1c9')
  assert.equal(releaseWords(null, '9c1e07ab11'), '9c1e07a')
  assert.equal(releaseWords(null, null), 'none')
})
