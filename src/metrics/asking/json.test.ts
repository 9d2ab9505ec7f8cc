import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import { valueText } from '../promql/format.ts'
import { JsonBytes } from './json-bytes.ts'
import { textJson, writeValue } from './json.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

const read = (written: JsonBytes): string => new TextDecoder().decode(written.bytes())

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
  const point = (ms: number, value: number): string => read(new JsonBytes().point(ms, value))
  assert.equal(point(1500, 1), '[1.500,"1"]')
  assert.equal(point(-5, 1e-7), '[-0.005,"1e-07"]')
  assert.equal(point(2000, -Infinity), '[2,"-Inf"]')
  const scalar = new JsonBytes()
  writeValue({ type: 'scalar', atMs: 1500, value: 1e21 }, scalar)
  assert.equal(read(scalar), '{"resultType":"scalar","result":[1.5,"1000000000000000000000"]}')
})

test(`values are written as texts of them are, whatever they are (SEED=${seed})`, () => {
  const random = seeded(seed)
  const odd = [0, -0, 1e15, 1e15 / 1000, 999_999_999_999.999, 0.001, 0.0005, 0.1 + 0.2, 1e21, 5e-324, NaN]
  const drawn = Array.from({ length: 5000 }, () => {
    const power = 10 ** random.between(0, 6)
    return Math.round((random.next() - 0.5) * 10 ** random.between(0, 18)) / power
  })
  for (const value of [...odd, ...odd.map((each) => -each), ...drawn, ...drawn.map((each) => each / 3)])
    assert.equal(read(new JsonBytes().point(0, value)), `[0,"${valueText(value)}"]`)
})

test('a long row of points, and texts of other alphabets between them, are all there', () => {
  const times = Float64Array.from({ length: 5000 }, (_, at) => 1_795_392_000_000 + 1500 * at)
  const into = new JsonBytes()
  into
    .text('{"ключ":')
    .points(times, times)
    .text(`,"€":"${'€'.repeat(9000)}"}`)
  const { ключ: points, '€': text } = JSON.parse(read(into)) as { ключ: [number, string][]; '€': string }
  assert.deepEqual(
    points,
    Array.from(times, (ms) => [ms / 1000, String(ms)]),
  )
  assert.equal(text.length, 9000)
})
