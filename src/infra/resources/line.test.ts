import assert from 'node:assert/strict'
import { test } from 'node:test'
import { line } from './line.ts'
import { complaints, lowered, resourceOf } from './try-sort.ts'

const asItIs = { mode: null, owner: null, group: null }

test('a line is an edit of a file that belongs to somebody else', async () => {
  const table: readonly (readonly [unknown, unknown, boolean])[] = [
    [{ line: 'a = 1' }, { type: 'line', line: 'a = 1', replaces: null, after: null }, false],
    [
      { line: 'a = 1', replaces: '^#? *a *=', below: '^\\[x\\]', create: true },
      { type: 'line', line: 'a = 1', replaces: '^#? *a *=', after: '^\\[x\\]' },
      true,
    ],
    [{ line: 'a = 1', absent: true }, { type: 'no line', line: 'a = 1', matches: null }, false],
    [{ replaces: '^a', absent: true }, { type: 'no line', line: null, matches: '^a' }, false],
  ]
  for (const [options, edit, create] of table) {
    const [thing] = await lowered(line, '/etc/x.conf', options)
    assert.equal(thing?.type, 'path')
    assert.deepEqual(thing.want, { type: 'edited', edits: [edit], create, ...asItIs })
  }
})

test('what is wrong with a line is told in a sentence', () => {
  const table: readonly (readonly [unknown, string])[] = [
    [{}, "line has no 'line'; add line: 'vm.swappiness = 10'"],
    [{ absent: true }, "line has no 'line'; add line: 'vm.swappiness = 10'"],
    [
      { line: 'a\r' },
      "line.line is 'a\r' but must be one line of text, such as 'DenyUsers guest'; write one like that",
    ],
    [
      { line: 'a', replaces: '(' },
      "line.replaces is '(' but must be an expression, such as '^PermitRootLogin '; write one like that",
    ],
    [
      { line: 'a', absent: true, below: 'x' },
      "line.below is 'x' but must be left out beside absent: true; keep one of the two",
    ],
    [
      { line: 'a', absent: true, create: true },
      'line.create is true but must be left out beside absent: true; keep one of the two',
    ],
  ]
  for (const [options, message] of table) assert.deepEqual(complaints(line, '/etc/x', options), [message])
})

test('several lines of one file are called by its name and their texts', () => {
  const { options } = resourceOf(line, '/etc/x.conf', { line: 'a = 1' })
  assert.equal(line.called?.('/etc/x.conf', options), '/etc/x.conf: a = 1')
})
