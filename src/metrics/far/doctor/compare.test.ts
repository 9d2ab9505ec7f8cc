import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../../labels.ts'
import { type Answered, differenceOf } from './compare.ts'

const at = Date.UTC(2026, 10, 27, 10)
const of = (all: Readonly<Record<string, readonly number[]>>, also = {}): Answered => ({
  type: 'matrix',
  series: Object.entries(all).map(([host, values]) => ({
    labels: labelsOf({ host, ...also }),
    values: new Map(values.map((value, nth) => [at + 60_000 * nth, value])),
  })),
})

test('what both sides say alike is the same, whatever order they add up in and whatever labels were added', () => {
  const here = of({ a: [1, NaN, Infinity, 0.3], b: [] })
  assert.equal(differenceOf(here, of({ b: [], a: [1, NaN, Infinity, 0.1 + 0.2] }), {}), null)
  const labels = { cluster: 'x' }
  assert.equal(differenceOf(here, of({ a: [1, NaN, Infinity, 0.3], b: [] }, labels), labels), null)
  assert.equal(differenceOf({ type: 'error', what: 'a' }, { type: 'error', what: 'b' }, {}), null)
})

test('what differs is said: series, the first value, or that one of them refuses', () => {
  const table: readonly (readonly [Answered, Answered, string])[] = [
    [of({ a: [1] }), of({}), 'there it has no {host="a"}'],
    [of({}), of({ b: [1], a: [1], c: [1] }), 'only there it has {host="a"} and 2 more'],
    [of({ a: [1] }), of({ b: [1] }), 'here it has {host="a"}, there {host="b"}'],
    [
      of({ a: [1, 2, 3] }),
      of({ a: [1, 2.5] }),
      '2 of 3 values of {host="a"} differ: at 10:01:00 here 2, there 2.5',
    ],
    [of({ a: [1] }), of({ a: [NaN] }), '1 of 1 values of {host="a"} differ: at 10:00:00 here 1, there NaN'],
    [of({}), { type: 'error', what: 'unknown function' }, 'there it is refused: unknown function'],
    [{ type: 'error', what: 'bad' }, of({}), 'here it is refused (bad), there it has an answer'],
  ]
  for (const [here, there, what] of table) assert.equal(differenceOf(here, there, {}), what)
})
