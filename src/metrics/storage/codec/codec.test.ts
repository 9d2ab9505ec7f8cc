import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { seeded } from '../../../../lab/random.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { placesOf } from './places.ts'
import { readTimes, writeTimes } from './times.ts'
import { readValues, writeValues } from './values.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 32)

function afterAll(values: Float64Array): Float64Array {
  const into = new ByteWriter(1)
  writeValues(values, into)
  const from = new ByteReader(into.bytes())
  const read = new Float64Array(values.length)
  readValues(from, read)
  assert.ok(from.isAtEnd)
  return read
}

function comesBack(values: readonly number[]): void {
  const read = afterAll(Float64Array.from(values))
  for (const [at, value] of values.entries())
    assert.ok(Object.is(read[at], value), `${value} came back as ${read[at]} at ${at} of ${values.join()}`)
}

describe('a column of values', () => {
  test('comes back bit by bit, whatever is in it', () => {
    const odd = [0, -0, 1, -1, 0.1, 0.3, 1e-9, 1e-10, 1e300, -1e300, 5e-324, 2 ** 50, 2 ** 53, -(2 ** 53)]
    comesBack([])
    comesBack([...odd, Infinity, -Infinity, NaN, 0.1 + 0.2])
    for (const value of odd) comesBack([value])
    for (const value of odd) comesBack([7.25, value, -value, value])
  })

  test(`comes back when it is random (SEED=${seed})`, () => {
    const random = seeded(seed)
    for (let round = 0; round < 2000; round += 1) {
      const power = 10 ** random.between(0, 12)
      const size = 10 ** random.between(0, 15)
      const count = random.between(1, 40)
      comesBack(Array.from({ length: count }, () => Math.round((random.next() - 0.5) * size * power) / power))
    }
  })

  test('is short where it says little', () => {
    const bytesOf = (values: Float64Array): number => {
      const into = new ByteWriter()
      writeValues(values, into)
      return into.length
    }
    const row = (valueAt: (at: number) => number): Float64Array =>
      Float64Array.from({ length: 1000 }, (_, at) => valueAt(at))
    assert.ok(bytesOf(row(() => 1_234_567)) < 1010)
    assert.ok(bytesOf(row((at) => 1e12 + 4096 * at)) < 1020, 'a counter that grows evenly')
    assert.ok(bytesOf(row((at) => 0.25 + 0.01 * (at % 3))) < 1010, 'decimals')
  })

  test('of another kind is refused', () => {
    assert.throws(
      () => readValues(new ByteReader(Uint8Array.of(3)), new Float64Array(1)),
      /kind that is not known/,
    )
    assert.throws(() => readValues(new ByteReader(Uint8Array.of(0)), new Float64Array(1)), RangeError)
    assert.throws(() => readValues(new ByteReader(Uint8Array.of(2, 0, 0)), new Float64Array(1)), RangeError)
  })
})

test('decimals are found with as few places as lead back to them', () => {
  assert.equal(placesOf(Float64Array.of(1, 2, 3e9)), 0)
  assert.equal(placesOf(Float64Array.of(1, 0.25)), 2)
  assert.equal(placesOf(Float64Array.of(0.1 + 0.2)), null)
  assert.equal(placesOf(Float64Array.of(-0)), null)
  assert.equal(placesOf(Float64Array.of(NaN)), null)
  assert.equal(placesOf(Float64Array.of(2 ** 50)), null)
})

test('times come back, in even steps or not', () => {
  const times = Float64Array.of(0, 5_000, 10_001, 10_002, 1_795_400_816_440, 1_795_400_821_440, 2 ** 50)
  const into = new ByteWriter()
  writeTimes(times, into)
  const read = new Float64Array(times.length)
  readTimes(new ByteReader(into.bytes()), read)
  assert.deepEqual(read, times)
})

test('texts come back, whatever is in them and however long they are', () => {
  const texts = [
    '',
    'a',
    '\u007f',
    '\u0080',
    'größer 😀',
    ...[63, 64, 65, 127, 128].flatMap((length) => ['x'.repeat(length), `${'x'.repeat(length - 1)}é`]),
  ]
  const into = new ByteWriter(1)
  for (const text of texts) into.text(text)
  const from = new ByteReader(into.bytes())
  assert.deepEqual(
    texts.map(() => from.text()),
    texts,
  )
  assert.ok(from.isAtEnd)
  for (const text of texts) {
    const one = new ByteWriter(1)
    one.text(text)
    assert.equal(one.length, Buffer.byteLength(text) + (Buffer.byteLength(text) < 128 ? 1 : 2))
  }
})

test('numbers, doubles and texts come back, and a reader never goes past the end', () => {
  const into = new ByteWriter(1)
  const numbers = [0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1]
  for (const number of numbers) into.varint(number)
  const signed = [0, -1, 1, -(2 ** 52), 2 ** 52 - 1]
  for (const number of signed) into.signed(number)
  into.double(Math.PI)
  into.u32(2 ** 32 - 1)
  into.text('größer 😀')
  const from = new ByteReader(into.bytes())
  assert.deepEqual(
    numbers.map(() => from.varint()),
    numbers,
  )
  assert.deepEqual(
    signed.map(() => from.signed()),
    signed,
  )
  assert.equal(from.double(), Math.PI)
  assert.equal(from.u32(), 2 ** 32 - 1)
  assert.equal(from.text(), 'größer 😀')
  assert.ok(from.isAtEnd)
  assert.throws(() => from.byte(), RangeError)
  assert.throws(
    () => new ByteReader(Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 255, 255)).varint(),
    RangeError,
  )
})
