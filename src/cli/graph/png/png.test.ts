import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, inflateSync } from 'node:zlib'
import type { OtherMarkView } from '../../../api/wire/marks.ts'
import { drawnSeries } from '../drawn.ts'
import { eachDot } from './letters.ts'
import { makePicture } from './picture.ts'
import { pngOf } from './png-of.ts'

/** Reads a PNG with a palette as its specification says, and compares its sums. */
function read(png: Uint8Array) {
  const bytes = Buffer.from(png)
  assert.equal(bytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n')
  const chunks = new Map<string, Buffer>()
  let end = 8
  for (let at = 8; at < bytes.length; at = end) {
    const length = bytes.readUInt32BE(at)
    end = at + length + 12
    assert.equal(crc32(bytes.subarray(at + 4, end - 4)), bytes.readUInt32BE(end - 4))
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, end - 4))
  }
  assert.deepEqual([...chunks.keys()], ['IHDR', 'PLTE', 'IDAT', 'IEND'])
  const header = chunks.get('IHDR') ?? Buffer.alloc(13)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  assert.deepEqual([...header.subarray(8)], [8, 3, 0, 0, 0])
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))
  assert.equal(rows.length, height * (width + 1))
  const palette = chunks.get('PLTE') ?? Buffer.alloc(0)
  const inkAt = (x: number, y: number) => rows[y * (width + 1) + 1 + x] ?? -1
  return {
    width,
    height,
    inkAt,
    colourAt: (x: number, y: number) => [...palette.subarray(inkAt(x, y) * 3, inkAt(x, y) * 3 + 3)],
  }
}

test('a picture comes out dot by dot, whatever is drawn beyond its edges', () => {
  const picture = makePicture(5, 3, [
    [255, 255, 255],
    [1, 2, 3],
  ])
  picture.line({ x: -2, y: 1 }, { x: 99, y: 1 }, 1)
  const { width, height, colourAt } = read(picture.png())
  assert.deepEqual([width, height], [5, 3])
  assert.deepEqual(
    [colourAt(0, 1), colourAt(4, 1), colourAt(4, 0)],
    [
      [1, 2, 3],
      [1, 2, 3],
      [255, 255, 255],
    ],
  )
})

test('letters have their shapes, and what has none is a question mark', () => {
  const drawn = (text: string) => {
    const rows = Array.from({ length: 8 }, () => Array.from({ length: 6 * text.length }, () => ' '))
    eachDot(text, (x, y) => {
      const row = rows[y]
      if (row !== undefined) row[x] = '#'
    })
    return rows.map((row) => row.join('').trimEnd())
  }
  assert.deepEqual(drawn('T1'), [
    '#####   #',
    '# # #  ##',
    '  #     #',
    '  #     #',
    '  #     #',
    '  #     #',
    '  #    ###',
    '',
  ])
  assert.deepEqual(drawn('é'), drawn('?'))
  const letters = Array.from({ length: 94 }, (_, nth) => drawn(String.fromCharCode(33 + nth)).join('\n'))
  assert.equal(new Set(letters).size, 94)
})

test('a graph has its lines at their places, marks and a legend', () => {
  const span = { fromMs: 0, toMs: 600_000, stepMs: 60_000 }
  const at = (value: string) => Array.from({ length: 11 }, (_, nth) => [nth * 60, value] as const)
  const rows = [
    { metric: { __name__: 'low' }, values: at('0') },
    { metric: { __name__: 'high' }, values: at('100') },
  ]
  const mark: OtherMarkView = {
    type: 'other',
    seq: 1,
    sender: 'grafana',
    title: 'x',
    text: '',
    tags: [],
    who: 'a',
    from: 300_000,
    until: null,
  }
  const drawn = { query: 'q', span, series: drawnSeries(rows, span), warnings: [] }
  const [plain, marked] = [read(pngOf({ ...drawn, marks: [] })), read(pngOf({ ...drawn, marks: [mark] }))]
  const column = (x: number, { inkAt, height }: ReturnType<typeof read>) =>
    Array.from({ length: height }, (_, y) => inkAt(x, y))
  // The first line is drawn in the sixth colour, at the bottom; the second above it.
  const inks = column(700, plain)
  assert.ok(inks.indexOf(6) !== -1 && inks.indexOf(6) < inks.indexOf(5))
  const differs = Array.from({ length: plain.width }, (_, x) => x).filter(
    (x) => column(x, plain).join('') !== column(x, marked).join(''),
  )
  assert.ok(differs.length > 0 && differs.length < 30)
  assert.ok(Math.abs((differs[0] ?? 0) - plain.width / 2) < 60)
})
