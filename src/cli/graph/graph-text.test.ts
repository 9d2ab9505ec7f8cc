import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ChangeMarkView, OtherMarkView } from '../../api/wire/marks.ts'
import { paintFor } from '../../words/paint.ts'
import { type Args, readArgs } from '../args.ts'
import { command } from './graph.ts'
import { widthOf } from '../text/width.ts'
import { makeCanvas } from './canvas.ts'
import { csvOf } from './csv.ts'
import { drawGraph } from './draw.ts'
import { type Drawn, drawnSeries } from './drawn.ts'
import { scaleOf, shortNumber } from './scale.ts'
import { spanIn } from './span.ts'

const now = Date.UTC(2026, 10, 27, 12, 0, 7)
const argsOf = (...argv: readonly string[]): Promise<Args> =>
  readArgs(argv, { name: 'graph', options: command.options, most: 1 })

describe('the span', () => {
  test('is as it is said, at whole multiples of its step', async () => {
    const of = async (...argv: readonly string[]) => spanIn(await argsOf(...argv), now, 200)
    const iso = ({ fromMs, toMs, stepMs }: ReturnType<typeof spanIn>) =>
      [
        new Date(fromMs).toISOString().slice(11, 19),
        new Date(toMs).toISOString().slice(11, 19),
        stepMs / 1000,
      ].join(' ')
    assert.equal(iso(await of()), '11:00:00 12:00:00 30')
    assert.equal(iso(await of('--last', '1h30m')), '10:30:00 12:00:00 30')
    assert.equal(iso(await of('--last', '15m', '--step', '1m')), '11:45:00 12:00:00 60')
    assert.equal(iso(await of('--from', '2h', '--to', '1h')), '10:00:00 11:00:00 30')
    assert.equal(iso(await of('--from', '2026-11-27T11:30:00Z')), '11:30:00 12:00:00 10')
    assert.equal(iso(await of('--from', '1795779000', '--to', '1795779060')), '11:30:00 11:31:00 1')
  })

  test('that cannot be is told with what to write', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['--last', '5'], /--last 5 is no length of time/],
      [['--last', '5m3'], /is no length of time/],
      [['--from', 'yesterday'], /--from yesterday is no time/],
      [['--from', '1h', '--to', '2h'], /ends before it begins/],
      [['--from', '1h', '--last', '2h'], /both say where to begin/],
      [['--last', '30d', '--step', '1s'], /makes more than 11,000 points/],
    ]
    for (const [argv, told] of wrong) {
      const args = await argsOf(...argv)
      assert.throws(() => spanIn(args, now, 200), told)
    }
  })
})

describe('numbers', () => {
  test('are short', () => {
    const said = [0, 1, 0.25, -3e6, 1500, 999_999, 12_345_678, 1e-7, 5.5e20, NaN, Infinity].map(shortNumber)
    assert.deepEqual(said, [
      '0',
      '1',
      '0.25',
      '-3M',
      '1.5k',
      '1000k',
      '12.35M',
      '1e-7',
      '5.5e20',
      '-',
      '+Inf',
    ])
  })

  test('have an axis of round ticks that holds them all', () => {
    const scale = (...values: readonly number[]) => scaleOf([Float64Array.from(values)], 5).ticks
    assert.deepEqual(scale(0, 1), [0, 0.5, 1])
    assert.deepEqual(scale(3, 97), [0, 50, 100])
    assert.deepEqual(scale(-5, 5), [-5, 0, 5])
    assert.deepEqual(scale(1000, 1004), [1000, 1001, 1002, 1003, 1004])
    assert.deepEqual(scale(NaN, Infinity), [0, 0.5, 1])
    assert.ok(scale(7, 7).length >= 2)
    assert.ok(scale(0, 0).length >= 2)
  })
})

test('a line is dots of braille, and who draws last has the ink', () => {
  const canvas = makeCanvas(2, 1)
  canvas.line({ x: 0, y: 0 }, { x: 3, y: 3 }, 1)
  canvas.line({ x: 3, y: 0 }, { x: 3, y: 0 }, 2)
  canvas.line({ x: 99, y: -4 }, { x: 99, y: -4 }, 3)
  assert.deepEqual(canvas.rows(), [
    [
      { letter: '⠑', ink: 1 },
      { letter: '⢌', ink: 2 },
    ],
  ])
})

const change: ChangeMarkView = {
  type: 'change',
  id: 'D-7' as ChangeMarkView['id'],
  kind: 'deploy',
  does: 'deploy',
  target: 'shop@production',
  title: 'shop abc1234',
  who: 'ada',
  door: 'cli',
  why: 'the new \u001b[31mbasket',
  status: 'done',
  reverts: null,
  revertedBy: null,
  orderedAt: now - 1_800_000,
  startedAt: now - 1_800_000,
  endedAt: now,
}
const other: OtherMarkView = {
  type: 'other',
  seq: 9,
  sender: 'dogstatsd',
  title: 'backup',
  text: '',
  tags: [],
  who: 'cron',
  from: now - 900_000,
  until: null,
}

function drawnOf(parts: Partial<Drawn> = {}): Drawn {
  const span = { fromMs: now - 3_600_000, toMs: now, stepMs: 60_000 }
  const values = Array.from(
    { length: 61 },
    (_, at) => [(span.fromMs + at * 60_000) / 1000, String(at)] as const,
  )
  const rows = [
    { metric: { __name__: 'orders', country: 'CH' }, values },
    { metric: {}, values: values.filter((_, at) => at < 20 || at > 40).map(([s]) => [s, '30'] as const) },
  ]
  return {
    query: 'orders',
    span,
    series: drawnSeries(rows, span),
    marks: [change, other],
    warnings: [],
    ...parts,
  }
}

describe('a graph', () => {
  const page = { columns: 60, rows: 20, paint: paintFor({ hasColour: false }) }

  test('has lines, axes, marks under it and names, within the screen', () => {
    const lines = drawGraph(drawnOf(), page)
    const text = lines.join('\n')
    assert.ok(lines.length <= page.rows, text)
    for (const line of lines) assert.ok(widthOf(line) <= page.columns, line)
    assert.match(lines[0] ?? '', /^ 60┤ .*[\u2801-\u28ff]$/)
    assert.match(text, /^ {2}0┤[\u2801-\u28ff]/m)
    const marks =
      lines.find((line) => line.includes('▲') && line.includes('◆') && !line.includes('D-7')) ?? ''
    const [changeAt, otherAt] = [marks.indexOf('▲') - 4, marks.indexOf('◆') - 4]
    assert.deepEqual([changeAt, otherAt], [28, 41])
    assert.match(text, /^▲ \d\d:\d\d {2}D-7 {2}shop abc1234 {2}ada: the new basket$/m)
    assert.match(text, /^◆ \d\d:\d\d {2}backup {2}cron$/m)
    assert.match(text, /^━ orders\{country="CH"\} {2}60 {2}\(0 … 60\)$/m)
    assert.match(text, /^━ \{\} {2}30 {2}\(30 … 30\)$/m)
  })

  test('leaves a gap where there is nothing', () => {
    const [, second] = drawnOf().series
    const rows = drawGraph(drawnOf({ series: second === undefined ? [] : [second], marks: [] }), page)
    const line = rows.find((row) => /[\u2801-\u28ff]/.test(row)) ?? ''
    assert.match(line, /[\u2801-\u28ff] {10,}[\u2801-\u28ff]/)
  })

  test('shows what was taken back as hollow, by whom', () => {
    const taken = { ...change, status: 'done' as const, revertedBy: 'D-8' as ChangeMarkView['id'] }
    assert.match(drawGraph(drawnOf({ marks: [taken] }), page).join('\n'), /△ .*taken back by D-8/)
  })

  test('says how many lines and marks it does not name', () => {
    const [one] = drawnOf().series
    const series = Array.from({ length: 150 }, () => one).filter((each) => each !== undefined)
    const marks = Array.from({ length: 30 }, () => change)
    const text = drawGraph(drawnOf({ series, marks }), page).join('\n')
    assert.match(text, /and 138 more: --json or --csv has them all/)
    assert.match(text, /and 22 marks before/)
  })

  test('of nothing says so', () => {
    assert.match(drawGraph(drawnOf({ series: [] }), page).join(''), /^nothing is known of orders from /)
  })
})

test('a table of commas holds every series and time, and no formula', () => {
  const span = { fromMs: 0, toMs: 120_000, stepMs: 60_000 }
  const rows = [
    {
      metric: { __name__: 'a', x: '1,2' },
      values: [
        [0, '1'],
        [120, 'NaN'],
      ] as const,
    },
    { metric: { __name__: 'b' }, values: [[60, '0.5']] as const },
  ]
  assert.deepEqual(csvOf(drawnOf({ span, series: drawnSeries(rows, span) })), [
    'time,"a{x=""1,2""}",b',
    '1970-01-01T00:00:00.000Z,1,',
    '1970-01-01T00:01:00.000Z,,0.5',
    '1970-01-01T00:02:00.000Z,,',
  ])
})
