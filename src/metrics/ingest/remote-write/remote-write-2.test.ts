import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelsOf } from '../../labels.ts'
import { tryIntake } from '../../try-intake.ts'
import { Unreadable } from '../unreadable.ts'
import { RemoteWrite2 } from './remote-write-2.ts'

const usual = { labels: [], limits: { labels: 5, nameLength: 20, valueLength: 40 } }

const field = (at: number, content: string | readonly number[] | Uint8Array): Buffer => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  return Buffer.concat([Buffer.from([at * 8 + 2, bytes.length]), bytes])
}

const symbols = ['', '__name__', 'up', 'job', 'web', 'is it?', 's']
const table = Buffer.concat(symbols.map((symbol) => field(4, symbol)))

function sample(value: number, ms: number): Buffer {
  const bytes = Buffer.alloc(11)
  bytes[0] = 0x09
  bytes.writeDoubleLE(value, 1)
  bytes[9] = 0x10
  bytes[10] = ms
  return field(2, bytes)
}

const series = (...fields: readonly Buffer[]): Buffer => field(5, Buffer.concat(fields))
const upWeb = field(1, [1, 2, 3, 4])

function read(body: Uint8Array, options = usual) {
  const intake = tryIntake()
  return { receipt: new RemoteWrite2(intake, options).read(body), lines: intake.lines(), intake }
}

describe('remote write 2.0', () => {
  test('reads series that name their labels by places, wherever the texts stand', () => {
    const one = series(upWeb, sample(1, 5), sample(2, 6), field(5, [0x08, 2, 0x18, 5, 0x20, 6]))
    for (const body of [Buffer.concat([table, one]), Buffer.concat([one, table])]) {
      const { lines, receipt, intake } = read(body)
      assert.deepEqual(lines, ['up{job="web"} 1 @5', 'up{job="web"} 2 @6'])
      assert.deepEqual(receipt, { samples: 2, taken: 2, refused: {} })
      assert.deepEqual([...intake.described], [['up', { type: 'gauge', help: 'is it?', unit: 's' }]])
    }
    const alone = series(Buffer.from([0x08, 1, 0x08, 2]), sample(3, 7))
    assert.deepEqual(read(Buffer.concat([table, alone])).lines, ['up 3 @7'])
  })

  test('knows a series again though its labels have other places, and asks anew in another era', () => {
    const intake = tryIntake()
    const writer = new RemoteWrite2(intake, { ...usual, labels: labelsOf({ host: 'h' }) })
    writer.read(Buffer.concat([table, series(upWeb, sample(1, 5))]))
    const other = Buffer.concat(['', 'web', 'job', 'up', '__name__'].map((symbol) => field(4, symbol)))
    writer.read(Buffer.concat([other, series(field(1, [4, 3, 2, 1]), sample(2, 6))]))
    assert.equal(intake.lookups(), 1)
    intake.forget()
    writer.read(Buffer.concat([table, series(upWeb, sample(3, 7))]))
    assert.deepEqual(intake.lines().at(-1), 'up{host="h",job="web"} 3 @7')
  })

  test('refuses native histograms and series without a name, and keeps the rest', () => {
    const body = Buffer.concat([
      table,
      series(field(1, [3, 4]), sample(1, 5)),
      series(upWeb, field(3, []), sample(1, 5)),
    ])
    const { lines, receipt } = read(body)
    assert.deepEqual(lines, ['up{job="web"} 1 @5'])
    assert.deepEqual(receipt, { samples: 3, taken: 1, refused: { 'no name': 1, 'native histogram': 1 } })
  })

  const faults: readonly (readonly [string, Buffer, RegExp])[] = [
    [
      'a symbol that is not there',
      series(field(1, [1, 9]), sample(1, 5)),
      /^there is no symbol 9: there are 7$/,
    ],
    [
      'a name without a value',
      series(field(1, [1, 2, 3]), sample(1, 5)),
      /^a label has a name and no value$/,
    ],
    ['a label twice', series(field(1, [3, 4, 3, 4]), sample(1, 5)), /twice$/],
    ['labels behind samples', series(upWeb, sample(1, 5), upWeb), /labels come behind samples$/],
  ]
  for (const [name, part, fault] of faults)
    test(`refuses ${name}`, () =>
      assert.throws(
        () => read(Buffer.concat([table, part])),
        (thrown) => thrown instanceof Unreadable && fault.test(thrown.message),
      ))

  test('refuses texts that do not begin with the empty one', () => {
    assert.throws(() => read(field(4, 'x')), /the first symbol is not empty/)
  })
})
