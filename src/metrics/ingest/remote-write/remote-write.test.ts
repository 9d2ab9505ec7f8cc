import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelsOf } from '../../labels.ts'
import { tryIntake } from '../../try-intake.ts'
import { Unreadable } from '../unreadable.ts'
import { RemoteWrite } from './remote-write.ts'
import { type Outgoing, writeRequest } from './write-request.ts'
import type { WriteOptions } from './written-series.ts'

const usual: WriteOptions = { labels: [], limits: { labels: 5, nameLength: 20, valueLength: 40 } }

const series = (
  labels: Record<string, string>,
  samples: readonly (readonly [number, number | 'stale'])[],
): Outgoing => ({
  labels: labelsOf(labels),
  times: samples.map(([ms]) => ms),
  values: samples.map(([, value]) => (value === 'stale' ? 0 : value)),
  stale: [...samples.keys()].filter((at) => samples[at]?.[1] === 'stale'),
})

/** One field whose content is a text, bytes or a message of fields. */
function field(number: number, content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}

const label = (name: string, value: string): Buffer =>
  field(1, Buffer.concat([field(1, name), field(2, value)]))

function read(body: Uint8Array, options = usual) {
  const intake = tryIntake()
  return { receipt: new RemoteWrite(intake, options).read(body), lines: intake.lines(), intake }
}

describe('remote write 1.0', () => {
  test('reads what is written', () => {
    const { lines, receipt, intake } = read(
      writeRequest(
        [
          series({ __name__: 'up', host: 'größe' }, [
            [1_700_000_000_123, 1],
            [1_700_000_001_123, 'stale'],
          ]),
          series({ __name__: 'a' }, [
            [0, NaN],
            [5, -Infinity],
            [2 ** 43, -0],
          ]),
        ],
        new Map([['up', { type: 'gauge', help: 'is it?', unit: 's' }]]),
      ),
    )
    assert.deepEqual(lines, [
      'up{host="größe"} 1 @1700000000123',
      'up{host="größe"} stale @1700000001123',
      'a NaN @0',
      'a -Inf @5',
      'a -0 @8796093022208',
    ])
    assert.deepEqual(receipt, { samples: 5, taken: 5, refused: {} })
    assert.deepEqual([...intake.described], [['up', { type: 'gauge', help: 'is it?', unit: 's' }]])
  })

  test('takes what is left out as 0, a time below 0, and fields that nobody knows', () => {
    const before = Buffer.from([0x08, ...Array.from({ length: 9 }, () => 0xff), 0x01])
    before[0] = 0x10
    const body = field(
      1,
      Buffer.concat([
        label('__name__', 'a'),
        field(2, Buffer.from([0x10, 7])),
        field(2, before),
        field(9, 'news'),
        field(2, ''),
      ]),
    )
    assert.deepEqual(read(Buffer.concat([body, field(12, 'more')])).lines, ['a 0 @7', 'a 0 @-1', 'a 0 @0'])
  })

  test('adds labels where they lack', () => {
    const body = writeRequest([series({ __name__: 'a', job: 'x' }, [[1, 1]])])
    const labels = labelsOf({ job: 'y', host: 'h' })
    assert.deepEqual(read(body, { ...usual, labels }).lines, ['a{host="h",job="x"} 1 @1'])
  })

  test('refuses series without a name or with too many labels, native histograms, and keeps the rest', () => {
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`l${at}`, 'x']))
    const native = field(
      1,
      Buffer.concat([
        label('__name__', 'h'),
        field(4, Buffer.from([0x09, 0, 0, 0, 0, 0, 0, 0, 0])),
        field(3, ''),
      ]),
    )
    const body = Buffer.concat([
      writeRequest([
        series({ job: 'x' }, [
          [1, 1],
          [2, 2],
        ]),
        series({ __name__: 'a', ...many }, [[1, 1]]),
        series({ __name__: 'a', b: 'x'.repeat(41) }, [[1, 1]]),
        series({ __name__: 'b' }, [[1, 1]]),
      ]),
      native,
    ])
    const { lines, receipt } = read(body)
    assert.deepEqual(lines, ['b 1 @1'])
    const refused = { 'no name': 2, 'labels out of bounds': 2, 'native histogram': 1 }
    assert.deepEqual(receipt, { samples: 6, taken: 1, refused })
  })

  test('looks a series up only once, in whatever order requests are, and again in another era', () => {
    const intake = tryIntake()
    const writer = new RemoteWrite(intake, usual)
    const [a, ab, abc] = [
      series({ __name__: 'a' }, [[1, 1]]),
      series({ __name__: 'a', b: '1' }, [[1, 2]]),
      series({ __name__: 'a', b: '1', c: '2' }, [[1, 3]]),
    ]
    const orders = [
      [a, ab, abc],
      [ab, abc, a],
      [abc, a, ab],
      [a, ab, abc],
    ]
    for (const order of orders) writer.read(writeRequest(order))
    assert.equal(intake.lookups(), 3)
    assert.deepEqual(
      intake.samples().map(({ value }) => value),
      [1, 2, 3, 2, 3, 1, 3, 1, 2, 1, 2, 3],
    )
    intake.forget()
    writer.read(writeRequest([ab]))
    assert.equal(intake.lookups(), 4)
  })

  const whole = writeRequest([series({ __name__: 'up', host: 'a' }, [[1_700_000_000_123, 1]])])
  test('refuses every request that was cut off, and takes nothing of it', () => {
    for (let length = 1; length < whole.length; length += 1) {
      const intake = tryIntake()
      const writer = new RemoteWrite(intake, usual)
      assert.throws(
        () => writer.read(whole.subarray(0, length)),
        (thrown) => thrown instanceof Unreadable,
        `${length}`,
      )
      assert.deepEqual(intake.lines(), [])
    }
  })

  const faults: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['a length of 2^60', Buffer.from('0affffffffffffffff0f', 'hex'), /are announced, and are not there/],
    ['a number without an end', Buffer.from('0affffffffffffffffffffff', 'hex'), /a number that has no end/],
    ['a group', Buffer.from('4b4c', 'hex'), /field of a kind that is not read/],
    ['a series that is a number', Buffer.from('0801', 'hex'), /field 1 is written as something else/],
    ['a field 0', Buffer.from('0001', 'hex'), /there is no such field/],
    [
      'a label longer than its series',
      Buffer.concat([Buffer.from('0a030a05', 'hex'), Buffer.from('0a0161120162', 'hex')]),
      /longer/,
    ],
    ['a label twice', field(1, Buffer.concat([label('a', 'b'), label('a', 'c')])), /twice/],
    [
      'labels behind samples',
      field(1, Buffer.concat([label('__name__', 'b'), field(2, ''), label('a', 'c')])),
      /labels come behind/,
    ],
    ['a name that is not UTF-8', field(1, field(1, field(1, Buffer.from([0xff])))), /is not UTF-8/],
  ]
  for (const [name, body, fault] of faults)
    test(`refuses ${name}`, () =>
      assert.throws(
        () => read(body),
        (thrown) => thrown instanceof Unreadable && fault.test(thrown.message),
      ))
})
