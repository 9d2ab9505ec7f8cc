import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDuration, readTime } from './times.ts'

test('times are seconds or RFC 3339, to the millisecond', () => {
  const cases: readonly (readonly [string, number | string])[] = [
    ['0', 0],
    ['1.5', 1500],
    ['-1.5', -1500],
    ['1e3', 1_000_000],
    ['1435781451.781', 1_435_781_451_781],
    ['1.0015', 1002],
    ['2015-07-01T20:10:51.781Z', 1_435_781_451_781],
    ['2015-07-01T22:10:51.781+02:00', 1_435_781_451_781],
    ['-292273086-05-16T16:47:06Z', -8.64e15],
    ['292277025-08-18T07:12:54.999999999Z', 8.64e15],
    ['2015-07-01', 'cannot parse "2015-07-01" to a valid timestamp'],
    ['2015-13-01T20:10:51Z', 'cannot parse "2015-13-01T20:10:51Z" to a valid timestamp'],
    ['', 'cannot parse "" to a valid timestamp'],
    ['now', 'cannot parse "now" to a valid timestamp'],
  ]
  for (const [text, wanted] of cases)
    assert.deepEqual(readTime(text), typeof wanted === 'number' ? { ms: wanted } : { fault: wanted }, text)
})

test('durations are seconds or written out', () => {
  const cases: readonly (readonly [string, number | string])[] = [
    ['15', 15_000],
    ['0.5', 500],
    ['-1', -1000],
    ['1h30m', 5_400_000],
    ['1e30', 'cannot parse "1e30" to a valid duration. It overflows int64'],
    ['1x', 'cannot parse "1x" to a valid duration'],
    ['', 'cannot parse "" to a valid duration'],
  ]
  for (const [text, wanted] of cases)
    assert.deepEqual(
      readDuration(text),
      typeof wanted === 'number' ? { ms: wanted } : { fault: wanted },
      text,
    )
})
