import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Edit } from '../things/thing.ts'
import { editBytes } from './edit.ts'

const line = (text: string, more: Partial<Extract<Edit, { type: 'line' }>> = {}): Edit => ({
  type: 'line',
  line: text,
  replaces: null,
  after: null,
  ...more,
})
const block = (lines: string): Edit => ({ type: 'block', begin: '# begin', end: '# end', lines })
const noBlock: Edit = { type: 'no block', begin: '# begin', end: '# end' }

const edited = (text: string, ...edits: readonly Edit[]): string => {
  const result = editBytes(Buffer.from(text, 'latin1'), edits)
  return result.type === 'bytes' ? Buffer.from(result.bytes).toString('latin1') : `trouble: ${result.what}`
}

const cases: readonly Readonly<{ says: string; text: string; edits: readonly Edit[]; gives: string }>[] = [
  { says: 'a line is added at the end', text: 'a\n', edits: [line('b')], gives: 'a\nb\n' },
  { says: 'a last line without an end gets one first', text: 'a', edits: [line('b')], gives: 'a\nb\n' },
  { says: 'an empty file', text: '', edits: [line('b')], gives: 'b\n' },
  { says: 'an equal line stays where it is', text: 'b\na\n', edits: [line('b')], gives: 'b\na\n' },
  { says: 'an equal last line keeps its missing end', text: 'a\nb', edits: [line('b')], gives: 'a\nb' },
  { says: 'a doubled line is there once', text: 'b\na\nb\n', edits: [line('b')], gives: 'a\nb\n' },
  {
    says: 'the last match is replaced',
    text: '#Port 1\nPort 2\nx\n',
    edits: [line('Port 3', { replaces: '^#?Port' })],
    gives: '#Port 1\nPort 3\nx\n',
  },
  {
    says: 'an equal line below a match wins, so that the second time changes nothing',
    text: '#on\n#on\non\n',
    edits: [line('on', { replaces: '^#on' })],
    gives: '#on\n#on\non\n',
  },
  {
    says: 'a new line goes below the last one that is named',
    text: 'a1\na2\nb\n',
    edits: [line('new', { after: '^a' })],
    gives: 'a1\na2\nnew\nb\n',
  },
  {
    says: 'Windows line ends stay, and new lines get them',
    text: 'a\r\nb\r\n',
    edits: [line('c', { replaces: '^b$' }), line('d')],
    gives: 'a\r\nc\r\nd\r\n',
  },
  {
    says: 'bytes that are no UTF-8 stay',
    text: '\xff\xfe\x00\na\n',
    edits: [line('b', { replaces: '^a$' })],
    gives: '\xff\xfe\x00\nb\n',
  },
  {
    says: 'text beyond ASCII is matched as text and written as UTF-8',
    text: Buffer.from('gr\u00fcn=1\n').toString('latin1'),
    edits: [line('gr\u00fcn=2', { replaces: '^gr.n=' })],
    gives: Buffer.from('gr\u00fcn=2\n').toString('latin1'),
  },
  {
    says: 'lines that are equal or match are taken away',
    text: 'a\nb\nac\nd',
    edits: [{ type: 'no line', line: 'd', matches: '^a' }],
    gives: 'b\n',
  },
  { says: 'a block is added', text: 'a', edits: [block('x\ny\n')], gives: 'a\n# begin\nx\ny\n# end\n' },
  {
    says: 'a block is replaced where it stands',
    text: 'a\n# begin\nold\n# end\nz',
    edits: [block('x')],
    gives: 'a\n# begin\nx\n# end\nz',
  },
  {
    says: 'an equal block stays',
    text: '# begin\nx\n# end',
    edits: [block('x')],
    gives: '# begin\nx\n# end',
  },
  { says: 'a block may be empty', text: '', edits: [block('')], gives: '# begin\n# end\n' },
  { says: 'a block is taken away', text: 'a\n# begin\nx\n# end\nb\n', edits: [noBlock], gives: 'a\nb\n' },
  { says: 'a block that is not there', text: 'a\n', edits: [noBlock], gives: 'a\n' },
  {
    says: 'a block without its end',
    text: '# begin\nx\n',
    edits: [noBlock],
    gives: 'trouble: it has the line `# begin` without `# end` after it',
  },
  {
    says: 'a block with its own marker',
    text: '',
    edits: [block('x\n# end\ny')],
    gives: 'trouble: the block holds its own marker line `# end`',
  },
  {
    says: 'edits see each other',
    text: '',
    edits: [line('a'), line('b', { replaces: '^a$' })],
    gives: 'b\n',
  },
]

for (const { says, text, edits, gives } of cases) {
  test(`edits of a file: ${says}`, () => {
    assert.equal(edited(text, ...edits), gives)
    if (!gives.startsWith('trouble')) assert.equal(edited(gives, ...edits), gives, 'the second time')
  })
}
