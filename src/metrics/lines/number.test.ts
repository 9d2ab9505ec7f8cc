import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import { readNumber } from './number.ts'

const read = (text: string): number => {
  const bytes = Buffer.from(`x${text}|`)
  return readNumber(bytes, 1, bytes.length - 1)
}

test('numbers are read as JavaScript reads them', () => {
  const written = [
    '0',
    '1',
    '-1',
    '+3',
    '320',
    '0.1',
    '-.5',
    '7.',
    '1e3',
    '1E-7',
    '12345678901234567890',
    '0.30000000000000004',
  ]
  for (const text of written) assert.equal(read(text), Number(text), text)
})

test('what is no finite number is none', () => {
  for (const text of [
    '',
    '-',
    '+',
    '.',
    '1.2.3',
    '0x10',
    'NaN',
    'inf',
    'Infinity',
    '1e999',
    '1 ',
    ' 1',
    '1,5',
    '--1',
    '9'.repeat(500),
  ])
    assert.ok(Number.isNaN(read(text)), text)
})

test('any number comes out as the one that went in', (t) => {
  const random = seeded(Number(process.env['TANDEM_SEED'] ?? Date.now() % 1_000_000))
  t.diagnostic(`TANDEM_SEED=${random.seed}`)
  for (let trial = 0; trial < 20_000; trial += 1) {
    const number = (random.next() - 0.5) * 10 ** random.between(-20, 20)
    const text = random.pick([
      String(number),
      number.toFixed(random.between(0, 9)),
      String(Math.round(number)),
    ])
    assert.equal(read(text), Number(text), `${text}, TANDEM_SEED=${random.seed}`)
  }
})
