import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Unreadable } from '../unreadable.ts'
import { readPush } from './read-push.ts'

const limits = { labels: 3, nameLength: 20, valueLength: 30 }

const read = (text: string, separators: '' | '&' = '') =>
  readPush(text, limits, separators).map(({ said, value, ms }) => {
    const { __name__: name, ...labels } = Object.fromEntries(said)
    return [name, labels, value, ms]
  })

describe('lines that people push', () => {
  const cases: readonly (readonly [string, readonly unknown[]])[] = [
    ['signups 3', [['signups', {}, 3, null]]],
    [
      '  signups\t3.5 \r\n\n# a comment\nlogins -1e3\n',
      [
        ['signups', {}, 3.5, null],
        ['logins', {}, -1000, null],
      ],
    ],
    [
      'signups plan=pro from="the \\"web\\" page" 3',
      [['signups', { plan: 'pro', from: 'the "web" page' }, 3, null]],
    ],
    ['signups{plan="pro"} 3', [['signups', { plan: 'pro' }, 3, null]]],
    ['signups {plan="a } b",} more=x 3', [['signups', { plan: 'a } b', more: 'x' }, 3, null]]],
    [
      'a 1 1700000000\nb 1 1700000000.5\nc 1 1700000000123',
      [
        ['a', {}, 1, 1_700_000_000_000],
        ['b', {}, 1, 1_700_000_000_500],
        ['c', {}, 1, 1_700_000_000_123],
      ],
    ],
    [
      'a NaN\nb +Inf',
      [
        ['a', {}, NaN, null],
        ['b', {}, Infinity, null],
      ],
    ],
    ['', []],
  ]
  for (const [text, wanted] of cases)
    test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(read(text), wanted))

  test('takes apart what curl joins, but not what stands in quotes', () => {
    assert.deepEqual(read('a 1&b x="c&d" 2', '&'), [
      ['a', {}, 1, null],
      ['b', { x: 'c&d' }, 2, null],
    ])
    assert.throws(() => read('a 1&b 2'), /expected a number, found "1&b 2"/)
  })

  const faults: readonly (readonly [string, RegExp])[] = [
    [
      'signups',
      /^line 1: expected a number, found the end of the line: a line is like `signups plan=pro 3`$/,
    ],
    ['a 1\nb three', /^line 2: expected a number, found "three"/],
    ['shop.signups 3', /^line 1: expected a number, found ".signups 3"/],
    ['3', /^line 1: expected a name of letters, digits, "_" and ":", found "3"/],
    ['a 1 now', /^line 1: expected a time in seconds since 1970, found "now"$/],
    ['a 1 2 3', /^line 1: expected nothing more, found "3"/],
    ['a b=1 b=2 3', /^line 1: b is said twice$/],
    ['a{b="1"} b=2 3', /^line 1: b is said twice$/],
    ['a b=1 c=1 d=1 e=1 3', /^line 1: 4 labels, and 3 are allowed$/],
    [`a b=${'x'.repeat(31)} 3`, /^line 1: the label b is 31 long, 30 are allowed$/],
    ['a{b=1} 3', /^line 1: column 5: expected a value in quotes/],
  ]
  for (const [text, fault] of faults)
    test(`refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
      assert.throws(
        () => read(text),
        (thrown) => thrown instanceof Unreadable && fault.test(thrown.message),
      ))
})
