import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Told } from './answers.ts'
import { difference } from './compare.ts'
import { isPeculiar } from './peculiar.ts'

const told = (points: Readonly<Record<string, number>>): Told => ({
  points: new Map(Object.entries(points)),
  failure: null,
})
const failed = (failure: string): Told => ({ points: new Map(), failure })

describe('comparing answers', () => {
  it('finds every kind of difference, and none in the tenth digit', () => {
    const mine = told({ '1 a': 1, '2 a': NaN, '3 a': Infinity })
    assert.equal(difference(mine, told({ '1 a': 1 + 1e-11, '2 a': NaN, '3 a': Infinity })), null)
    assert.match(difference(mine, told({ '1 a': 1 + 1e-8, '2 a': NaN, '3 a': Infinity })) ?? '', /1 a is 1/)
    assert.match(difference(mine, told({ '1 a': 1, '2 a': 0, '3 a': Infinity })) ?? '', /2 a is NaN/)
    assert.match(difference(mine, told({ '1 a': 1, '2 a': NaN, '3 a': -Infinity })) ?? '', /3 a is Infinity/)
    assert.match(difference(mine, told({ '1 a': 1, '2 a': NaN })) ?? '', /3 a is Infinity, and not there/)
    assert.match(difference(told({}), mine) ?? '', /1 a is there only at the peer/)
    assert.match(difference(mine, failed('x')) ?? '', /null against x/)
  })

  it('wants failures in the same words, but for the series they happen to name', () => {
    const twins = (left: string, side: string): Told =>
      failed(
        `found duplicate series for the match group {a="${left}"} on the ${side} hand-side of the operation: [${left}, b];many`,
      )
    assert.equal(difference(twins('1', 'left'), twins('2', 'left')), null)
    assert.notEqual(difference(twins('1', 'left'), twins('1', 'right')), null)
    assert.notEqual(difference(failed('a'), failed('b')), null)
  })

  it('leaves out what is no measure, and only that', () => {
    const graph = { startMs: 0, endMs: 60_000, stepMs: 1000 }
    const peculiar = [
      'predict_linear(a[5m] @ 0, 1)',
      'quantile_over_time(scalar(a), b[5m] @ 0)',
      'topk(1, rate(a[5m]))',
      'a @ 0[1m:5m]',
      'timestamp((a @ 0 offset 1m))',
    ]
    for (const query of peculiar) assert.equal(isPeculiar({ query, ...graph }), true, query)
    for (const query of [
      'rate(a[5m] @ 0)',
      'topk(1, a)',
      'predict_linear(a[5m], 1)',
      'a[1m:5m] @ 0',
      'timestamp(a @ 0)',
    ])
      assert.equal(isPeculiar({ query, ...graph }), false, query)
    assert.equal(isPeculiar({ query: 'topk(1, rate(a[5m]))', ...graph, stepMs: 0 }), false)
  })
})
