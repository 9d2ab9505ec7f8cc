import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whatGoes } from './what-goes.ts'

const hour = 3_600_000
const now = 1_000 * hour
const of = (release: string, bytes: number, usedHoursAgo: number) => ({
  release,
  bytes,
  usedAt: now - usedHoursAgo * hour,
})

const judged = (limits: Readonly<{ ageMs: number; bytes: number }>, needed: readonly string[] = []) => {
  const stored = [of('new', 50, 0), of('day', 10, 24), of('week', 10, 168), of('old', 10, 500)]
  const why = new Map(needed.map((release) => [release, ['live on shop@production']]))
  const { kept, going } = whatGoes(stored, why, { limits, now })
  return [kept.map(({ release }) => release).join(' '), going.map(({ release }) => release).join(' ')]
}

void test('what nobody needs stays while it is young and there is room', () => {
  assert.deepEqual(judged({ ageMs: 1_000 * hour, bytes: 80 }), ['new day week old', ''])
  assert.deepEqual(judged({ ageMs: 200 * hour, bytes: 80 }), ['new day week', 'old'])
  assert.deepEqual(judged({ ageMs: 1_000 * hour, bytes: 65 }), ['new day', 'week old'])
})

void test('what is needed or was just made stays whatever the limits say, and takes its room', () => {
  assert.deepEqual(judged({ ageMs: 0, bytes: 0 }, ['old']), ['new old', 'day week'])
  assert.deepEqual(judged({ ageMs: 1_000 * hour, bytes: 70 }, ['old']), ['new day old', 'week'])
})

void test('says why each is kept, or when it goes', () => {
  const limits = { ageMs: 100 * hour, bytes: 100 }
  const needed = new Map([['a', ['c1 is open']]])
  const { kept } = whatGoes([of('a', 1, 900), of('b', 1, 40)], needed, { limits, now })
  assert.deepEqual(
    kept.map(({ why, until }) => [why, until]),
    [
      [['c1 is open'], null],
      [[], now + 60 * hour],
    ],
  )
})
