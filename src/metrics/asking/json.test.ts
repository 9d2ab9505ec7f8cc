import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pointJson, textJson, valueJson } from './json.ts'

test('texts are what they were, and written as Go writes them', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain', '"plain"'],
    ['<a & "b">', '"\\u003ca \\u0026 \\"b\\"\\u003e"'],
    ['\b\f\n\t', '"\\u0008\\u000c\\n\\t"'],
    ['\\b \\\\f', '"\\\\b \\\\\\\\f"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['\ud800', '"\ufffd"'],
  ]
  for (const [text, wanted] of cases) {
    assert.equal(textJson(text), wanted)
    assert.equal(JSON.parse(textJson(text)), text.toWellFormed())
  }
})

test('times have three decimals or none, and values are texts', () => {
  assert.equal(pointJson(1500, 1), '[1.500,"1"]')
  assert.equal(pointJson(-5, 1e-7), '[-0.005,"1e-07"]')
  assert.equal(pointJson(2000, -Infinity), '[2,"-Inf"]')
  assert.equal(
    valueJson({ type: 'scalar', atMs: 1500, value: 1e21 }),
    '{"resultType":"scalar","result":[1.5,"1000000000000000000000"]}',
  )
})
