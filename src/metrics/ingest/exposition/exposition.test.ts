import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelsOf } from '../../labels.ts'
import { tryIntake } from '../../try-intake.ts'
import { Unreadable } from '../unreadable.ts'
import { Exposition, type ExpositionOptions, type Format, formatOf } from './exposition.ts'

const usual: ExpositionOptions = {
  labels: [],
  honorLabels: false,
  honorTimestamps: true,
  limits: { samples: 100, labels: 8, nameLength: 40, valueLength: 60 },
}

function read(text: string, format: Format = 'text', options: Partial<ExpositionOptions> = {}) {
  const intake = tryIntake()
  const exposition = new Exposition(intake, { ...usual, ...options })
  const receipt = exposition.read(Buffer.from(text), { format, atMs: 1000 })
  return { intake, receipt, lines: intake.lines() }
}

const linesOf = (text: string, format?: Format, options?: Partial<ExpositionOptions>): readonly string[] =>
  read(text, format, options).lines

describe('the text format', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['up 1\n', ['up 1 @1000']],
    ['up 1', ['up 1 @1000']],
    ['up 1\r\nup2 2\r\n', ['up 1 @1000', 'up2 2 @1000']],
    ['  \n\t up  \t 1 \n\n# a comment\n#EOF\n# EOF\nx 2\n', ['up 1 @1000', 'x 2 @1000']],
    [
      'a{} 1\na {b="c"} 2\na{b="c",} 3\na{ b = "c" , d="e" }4\n',
      ['a 1 @1000', 'a{b="c"} 2 @1000', 'a{b="c"} 3 @1000', 'a{b="c",d="e"} 4 @1000'],
    ],
    ['a{z="1",b="2"} 1', ['a{b="2",z="1"} 1 @1000']],
    ['a{b=""} 1', ['a 1 @1000']],
    ['a{b="x\\\\y\\"z\\n\\d"} 1', ['a{b="x\\\\y\\"z\\n\\\\d"} 1 @1000']],
    ['a{b="} 1"} 2', ['a{b="} 1"} 2 @1000']],
    ['a{b="größe"} 1', ['a{b="größe"} 1 @1000']],
    ['{"my.metric",b="c"} 1\n{"a b","x.y"="z"} 2', ['my.metric{b="c"} 1 @1000', 'a b{x.y="z"} 2 @1000']],
    ['a 1 1234567\na 1 -5\na 1 0', ['a 1 @1234567', 'a 1 @-5', 'a 1 @0']],
    ['a:b_c:1 1', ['a:b_c:1 1 @1000']],
    ['a{__proto__="x",constructor="y"} 1', ['a{__proto__="x",constructor="y"} 1 @1000']],
  ]
  for (const [text, lines] of cases)
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(linesOf(text), lines))

  const numbers = [
    '0',
    '-0',
    '1.5',
    '.5',
    '5.',
    '+3',
    '1e3',
    '-1.5E-7',
    '9007199254740993',
    '0.1',
    '123456.789',
    '1e400',
    '-1e400',
    'NaN',
    '+Inf',
    '-Inf',
    'Inf',
    '4.9e-324',
    '1.7976931348623157e308',
    '0.30000000000000004',
    '179769313486231570000000000000000000000000',
    '0.000000000000000000000000000000001',
  ]
  test('reads numbers as JavaScript does', () => {
    for (const text of numbers) {
      const { intake } = read(`a ${text}\n`)
      const wanted = Number(text.replace(/Inf$/, 'Infinity'))
      assert.ok(Object.is(intake.samples()[0]?.value, wanted), text)
    }
  })

  const faults: readonly (readonly [string, RegExp])[] = [
    ['a', /^line 1: expected a value, found nothing$/],
    ['a 1\nb x\n', /^line 2: expected a value, found "x"$/],
    ['a 1x', /^line 1: expected a value, found "1x"$/],
    ['a 1 2.5', /^line 1: 2.5 is no time$/],
    ['a 1 2 3', /^line 1: expected the end of the line, found "3"$/],
    ['a 1 # {b="c"} 1', /^line 1: expected a time, or the end of the line, found "# /],
    ['a{b="c" 1', /^line 1: column 9: expected "," or "}", found "1"$/],
    ['a{b="c} 1', /^line 1: column 5: expected a value in quotes, found/],
    ['a{b} 1', /^line 1: column 4: expected "=", found "}"$/],
    ['a{1b="c"} 1', /^line 1: column 3: expected the name of a label, or "}", found "1b=/],
    ['a{b="c",b="d"} 1', /^line 1: b is said twice$/],
    ['a{"b"} 1', /^line 1: __name__ is said twice$/],
    ['{b="c"} 1', /^line 1: column 8: expected the name of a metric, found the end of it$/],
    ['1a 1', /^line 1: column 1: expected the name of a metric, found "1a"$/],
    ['<html>\n', /^line 1: column 1: expected the name of a metric, found "<html>"$/],
    ['a 1\n# TYPE a countr\n', /^line 2: expected a type \(counter, gauge, .*\), found "countr"$/],
    ['a{l1="",l2="",l3="",l4="",l5="",l6="",l7="",l8="",l9=""} 1', /^line 1: 9 labels, and 8 are allowed$/],
    [`a{${'b'.repeat(41)}="c"} 1`, /^line 1: the name of a label is 41 long, 40 are allowed$/],
    [`a{b="${'c'.repeat(61)}"} 1`, /^line 1: the label b is 61 long, 60 are allowed$/],
    [`a 1\n`.repeat(101), /^line 101: more than 100 samples, and no more are allowed$/],
  ]
  for (const [text, fault] of faults)
    test(`refuses ${JSON.stringify(text.slice(0, 40))}, and takes nothing of it`, () => {
      const intake = tryIntake()
      const exposition = new Exposition(intake, usual)
      assert.throws(
        () => exposition.read(Buffer.from(text), { format: 'text', atMs: 1 }),
        (thrown: unknown) => thrown instanceof Unreadable && fault.test(thrown.message),
      )
      assert.deepEqual(intake.lines(), [])
    })

  test('refuses what is not UTF-8', () => {
    const exposition = new Exposition(tryIntake(), usual)
    const body = Buffer.from('a{b="\xff"} 1', 'latin1')
    assert.throws(
      () => exposition.read(body, { format: 'text', atMs: 1 }),
      /^Unreadable: line 1: it is not UTF-8$/,
    )
  })
})

describe('OpenMetrics', () => {
  test('says times in seconds, and may show examples', () => {
    const text = [
      'a_total 1 1520879607.789',
      'a_total 2 # {trace_id="x"} 0.5 1520879607.1',
      'a_total 3 1.5 # {trace_id="} # "} 1',
      '# EOF',
    ].join('\n')
    const lines = ['a_total 1 @1520879607789', 'a_total 2 @1000', 'a_total 3 @1500']
    assert.deepEqual(linesOf(text, 'openmetrics'), lines)
    assert.deepEqual(linesOf(`${text}\n`, 'openmetrics'), lines)
  })

  test('ends with # EOF and nowhere else', () => {
    assert.throws(() => linesOf('a 1\n', 'openmetrics'), /^Unreadable: line 2: expected "# EOF" at the end/)
    assert.throws(
      () => linesOf('a 1\n# EOF\nb 1\n', 'openmetrics'),
      /^Unreadable: line 3: expected nothing behind "# EOF"$/,
    )
    assert.deepEqual(linesOf('# EOF', 'openmetrics'), [])
  })

  test('is known by its content type', () => {
    assert.equal(formatOf('application/openmetrics-text; version=1.0.0; charset=utf-8'), 'openmetrics')
    for (const type of ['', 'text/plain; version=0.0.4', 'application/json'])
      assert.equal(formatOf(type), 'text')
  })
})

describe('an exposition', () => {
  const target = labelsOf({ job: 'web', instance: 'a:1' })

  test('adds what is known of its target, and keeps what it says itself as exported_', () => {
    assert.deepEqual(linesOf('a{job="x",exported_job="y",z="1"} 1', 'text', { labels: target }), [
      'a{exported_exported_job="x",exported_job="y",instance="a:1",job="web",z="1"} 1 @1000',
    ])
  })

  test('honours labels: what it says wins, even where it says that there is none', () => {
    const options = { labels: target, honorLabels: true }
    assert.deepEqual(linesOf('a{job="x"} 1\nb{instance=""} 2', 'text', options), [
      'a{instance="a:1",job="x"} 1 @1000',
      'b{job="web"} 2 @1000',
    ])
  })

  test('tells which series it has seen without a time of their own', () => {
    const { receipt, intake } = read('a 1\nb 1 5\nc 1\n')
    const numbers = ['a', 'c'].map((name) => intake.numberOf(labelsOf({ __name__: name })))
    assert.deepEqual(receipt, { samples: 3, taken: 3, refused: {}, seen: numbers, era: 1 })
    assert.equal(read('a 1 5\n', 'text', { honorTimestamps: false }).receipt.seen.length, 1)
    assert.deepEqual(linesOf('a 1 5\n', 'text', { honorTimestamps: false }), ['a 1 @1000'])
  })

  test('describes metrics once, whatever order the comments have', () => {
    const intake = tryIntake()
    const exposition = new Exposition(intake, usual)
    const text =
      '# HELP a_seconds how\\nlong \\\\ \n# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 1\n# TYPE "b.c" untyped\n# EOF\n'
    exposition.read(Buffer.from(text), { format: 'openmetrics', atMs: 1 })
    assert.deepEqual(
      [...intake.described],
      [
        ['a_seconds', { type: 'gauge', help: 'how\nlong \\', unit: 'seconds' }],
        ['b.c', { type: 'unknown', help: '', unit: '' }],
      ],
    )
    exposition.read(Buffer.from(text.replace('gauge', 'counter')), { format: 'openmetrics', atMs: 1 })
    assert.equal(intake.described.get('a_seconds')?.type, 'counter')
    assert.equal(intake.described.get('a_seconds')?.unit, 'seconds')
  })

  test('looks a series up only once, also when lines come, go and change places', () => {
    const intake = tryIntake()
    const exposition = new Exposition(intake, usual)
    const bodies = [
      'a 1\nab 2\na{b="c"} 3\n',
      'ab 4\na 5\na{b="c"} 6\na{b="c"}7\n',
      'a{b="c"} 8\n',
      'a 9\nab 10\na{b="c"} 11\n',
    ]
    for (const body of bodies) exposition.read(Buffer.from(body), { format: 'text', atMs: 1 })
    assert.equal(intake.lookups(), 3)
    const lines = [
      'a 1',
      'ab 2',
      'a{b="c"} 3',
      'ab 4',
      'a 5',
      'a{b="c"} 6',
      'a{b="c"} 7',
      'a{b="c"} 8',
      'a 9',
      'ab 10',
      'a{b="c"} 11',
    ]
    assert.deepEqual(
      intake.lines(),
      lines.map((line) => `${line} @1`),
    )
  })

  test('asks again for numbers that were forgotten, and for those that were not worth being kept', () => {
    const intake = tryIntake()
    const exposition = new Exposition(intake, { ...usual, limits: { ...usual.limits, samples: 5_000 } })
    const take = (text: string) => exposition.read(Buffer.from(text), { format: 'text', atMs: 1 })
    take('a 1\n')
    intake.forget()
    take('a 2\n')
    assert.equal(intake.lookups(), 2)
    for (let round = 0; round < 2_000; round += 1) take(`a{b="${round}"} 3\n`)
    take('a 4\n')
    assert.equal(intake.lookups(), 2_003)
    assert.equal(intake.lines().at(-1), 'a 4 @1')
  })

  test('takes nothing when nothing can be taken, and says so by throwing', () => {
    const intake = tryIntake()
    const exposition = new Exposition(intake, usual)
    intake.fail(new Error('no space left on device'))
    const take = () => exposition.read(Buffer.from('a 1\n'), { format: 'text', atMs: 1 })
    assert.throws(take, /no space left/)
    intake.fail(null)
    assert.equal(take().taken, 1)
  })
})
