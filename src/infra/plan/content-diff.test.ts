import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffContent, diffPrivately, type Side } from './content-diff.ts'
import { diffLines } from './line-diff.ts'

const side = (text: string): Side => {
  const bytes = Buffer.from(text, 'latin1')
  return { bytes, size: bytes.length, sha256: 'abcdef0123456789' }
}
const told = (before: string | null, after: string): readonly string[] =>
  diffContent(before === null ? null : side(before), side(after)).map(({ mark, text }) => mark + text)
const numbered = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('')

test('a small file is shown whole', () => {
  assert.deepEqual(told('a\nb\nc\n', 'a\nB\nc\n'), [' a', '-b', '+B', ' c'])
  assert.deepEqual(told(null, 'a\n'), ['+a'])
  assert.deepEqual(told('a\n', ''), ['-a'])
})

test('of a large file, what differs is shown with three lines around it', () => {
  const before = numbered(1, 30)
  const after = before.replace('5\n', 'five\n').replace('25\n', '')
  assert.deepEqual(
    told(before, after),
    [
      '@@ -2 +2 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      ' 8',
      '@@ -22 +22 @@',
      ' 22',
      ' 23',
      ' 24',
      '-25',
      ' 26',
      ' 27',
      ' 28',
    ].map((text) => (text.startsWith('@') ? ` ${text}` : text)),
  )
})

test('a missing newline, Windows line ends and bytes that are no text are seen', () => {
  assert.deepEqual(told('a', 'a\n'), ['-a (no newline at the end)', '+a'])
  assert.deepEqual(told('a\r\n', 'a\n'), [String.raw`-a\r`, '+a'])
  assert.deepEqual(told('\xff\n', '\xc3\xbc\n'), [String.raw`-\xff`, '+\u00fc'])
})

test('what would command a terminal is written out', () => {
  assert.deepEqual(told(null, '\x1b[2J\x07\t\x9b'), [
    String.raw`+\x1b[2J\x07` + '\t' + String.raw`\x9b (no newline at the end)`,
  ])
})

test('a file that is no text is told by its size and digest', () => {
  assert.deepEqual(told('\x00a', '\x00bc'), ['~2 bytes (abcdef0) -> 3 bytes (abcdef0)'])
  assert.deepEqual(diffContent({ bytes: null, size: 1, sha256: '1234567890' }, side('a')), [
    { mark: '~', text: '1 byte (1234567) -> 1 byte (abcdef0)' },
  ])
})

test('a long diff is counted from 200 lines on, and a long line is cut', () => {
  const lines = told(null, numbered(1, 500))
  assert.equal(lines.length, 201)
  assert.equal(lines.at(-1), ' … and 300 more lines')
  assert.equal(told(null, 'x'.repeat(400) + '\n')[0], `+${'x'.repeat(300)}… (100 more characters)`)
})

test('what only its owner may read is counted', () => {
  assert.deepEqual(
    diffPrivately(side('a\nb\nc\n'), side('a\nd\n')).map(({ mark, text }) => mark + text),
    ['-(2 lines, which only its owner may read)', '+d'],
  )
})

test('a line diff is the shortest there is, in few steps for many lines', () => {
  const words = (text: string): readonly string[] => text.split('')
  const sameCount = (before: string, after: string): number =>
    diffLines(words(before), words(after)).filter(({ type }) => type === 'same').length
  assert.equal(sameCount('abcabba', 'cbabac'), 4)
  assert.equal(sameCount('', 'abc'), 0)
  const many = Array.from({ length: 4000 }, (_, index) => `line ${index}`)
  const others = many.map((line, index) => (index % 2 === 0 ? line : `${line}x`))
  const diff = diffLines(many, others)
  assert.deepEqual(
    diff.flatMap(({ type, text }) => (type === 'gone' ? [] : [text])),
    others,
  )
  assert.deepEqual(
    diff.flatMap(({ type, text }) => (type === 'new' ? [] : [text])),
    many,
  )
})
