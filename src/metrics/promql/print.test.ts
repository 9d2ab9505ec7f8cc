import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import type { Expression } from './ast.ts'
import { parseQuery } from './parse/parse.ts'
import { print } from './print.ts'
import { allFunctions, allOperators, Drawing } from './suite/draw.ts'

const vocabulary = {
  metrics: ['up', 'a:b', 'sum', 'offset', 'http_requests_total'],
  labels: { job: ['a', '"', '\\', 'é\n\u0001'], instance: ['', '😀'], by: ['1'] },
  patterns: ['a|b', '.*', '(?i:x)[^\\d]+', ''],
  ranges: [1, 1000, 90_000, 5_400_000, 86_400_000, 7 * 86_400_000, 365 * 86_400_000, 8 * 86_400_000],
  offsets: [300_000, -90_061_001],
  pins: [0, 1234, 1_700_000_000_123, -5000],
  functions: allFunctions,
  operators: allOperators,
}

/** Without places in the text, which printing does not keep, and without the order of conditions, which it sorts. */
function meaning(expression: Expression): unknown {
  return JSON.parse(
    JSON.stringify(expression, (key, value: unknown) => {
      if (key === 'span' || key === 'operatorAt') return undefined
      if (key === 'matchers' && Array.isArray(value))
        return value.map((each) => JSON.stringify(each)).toSorted()
      return typeof value === 'number' ? String(value) : value
    }),
  )
}

describe('printing', () => {
  it('says what reads back as the same expression', () => {
    const drawing = new Drawing(seeded(11), vocabulary)
    const kinds = new Set<string>()
    for (let round = 0; round < 3000; round += 1) {
      const drawn = drawing.ofType(round % 3 === 0 ? 'matrix' : 'vector', 1 + (round % 4))
      const printed = print(drawn)
      const read = parseQuery(printed)
      assert.deepEqual(meaning(read), meaning(drawn), printed)
      assert.equal(print(read), printed)
      kinds.add(drawn.type)
    }
    assert.deepEqual([...kinds].toSorted(), [
      'aggregation',
      'binary',
      'call',
      'matrix',
      'subquery',
      'unary',
      'vector',
    ])
  })
})
