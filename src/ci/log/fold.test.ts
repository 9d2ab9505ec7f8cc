import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { foldLog, openFold, stepMark, withoutColours } from './fold.ts'

/** A log from texts, one a second. */
const logOf = (...texts: string[]) => texts.map((text, at) => ({ ms: at * 1000, text }))
const short = (...texts: string[]) =>
  foldLog(logOf(...texts), texts.length * 1000).map(({ name, startMs, endMs, lines }) => [
    name,
    startMs,
    endMs,
    lines.map(({ text }) => text).join('|'),
  ])

describe('a log in its steps', () => {
  test('is nothing before the first line', () => {
    assert.deepEqual(foldLog([], null), [])
    assert.deepEqual(foldLog([], 5), [])
  })

  test('is one without a name where the job names none', () => {
    assert.deepEqual(short('a', 'b'), [[null, 0, 2000, 'a|b']])
  })

  test('has a step from each mark to the next, and what was before', () => {
    assert.deepEqual(short('hello', '::step install', 'a', 'b', '::step  test it ', '::step pack', 'c'), [
      [null, 0, 1000, 'hello'],
      ['install', 1000, 4000, 'a|b'],
      ['test it', 4000, 5000, ''],
      ['pack', 5000, 7000, 'c'],
    ])
  })

  test('has the groups of GitHub, and what is between them', () => {
    assert.deepEqual(short('::group::Run tests', 'a', '::endgroup::', 'between', '::group::Next', 'b'), [
      ['Run tests', 0, 2000, 'a'],
      [null, 3000, 4000, 'between'],
      ['Next', 4000, 6000, 'b'],
    ])
  })

  test('has the sections of GitLab, as they are printed and as they are kept', () => {
    for (const back of ['\r', '\u{FFFD}'])
      assert.deepEqual(
        short(
          `section_start:1560896352:my_first[collapsed=true]${back}\u001B[0K\u001B[1mHeader\u001B[0m of it`,
          'a',
          `section_end:1560896353:my_first${back}\u001B[0K`,
          `section_start:1560896354:second${back}\u001B[0K`,
          'b',
        ),
        [
          ['Header of it', 0, 2000, 'a'],
          ['second', 3000, 5000, 'b'],
        ],
      )
  })

  test('keeps groups within a step as lines of it', () => {
    assert.deepEqual(short('::step test', 'a', '::group::inner', 'b', '::endgroup::', 'c', '::step next'), [
      ['test', 0, 6000, 'a|inner|b|c'],
      ['next', 6000, 7000, ''],
    ])
  })

  test('takes nothing else for a mark', () => {
    for (const text of [
      '::step',
      '::steps a',
      ' ::step a',
      '::group::',
      'x ::step a',
      '## a',
      'section_start:x:y',
    ])
      assert.equal(stepMark(text), null, text)
  })

  test('cuts long names', () => {
    const mark = stepMark(`::step ${'x'.repeat(300)}`)
    assert.ok(mark?.type === 'begins' && mark.name.length === 100 && mark.name.endsWith('…'))
  })

  test('can be asked for while it comes', () => {
    const fold = openFold()
    fold.take({ ms: 0, text: '::step a' })
    fold.take({ ms: 5, text: 'x' })
    assert.deepEqual(fold.steps(null), [
      { name: 'a', startMs: 0, endMs: null, lines: [{ ms: 5, text: 'x' }] },
    ])
    fold.take({ ms: 9, text: '::step b' })
    assert.deepEqual(
      fold.steps(10).map(({ name, endMs }) => [name, endMs]),
      [
        ['a', 9],
        ['b', 10],
      ],
    )
  })
})

test('colours and moves of the cursor are taken out, text is not', () => {
  const cases = [
    ['\u001B[1;32mok\u001B[0m', 'ok'],
    ['a\u001B[2K\u001B[1Gb', 'ab'],
    ['\u001B]8;;http://x\u0007link\u001B]8;;\u0007', 'link'],
    ['\u001B]0;title\u001B\\rest', 'rest'],
    ['[1m not one', '[1m not one'],
    ['cut \u001B', 'cut '],
  ]
  for (const [written = '', shown] of cases) assert.equal(withoutColours(written), shown)
})
