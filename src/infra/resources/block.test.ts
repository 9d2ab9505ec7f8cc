import assert from 'node:assert/strict'
import { test } from 'node:test'
import { block } from './block.ts'
import { complaints, lowered } from './try-sort.ts'

const asItIs = { mode: null, owner: null, group: null }
const tandems = { begin: '# BEGIN tandem', end: '# END tandem' }

test('a block is an edit between two lines that say whose it is', async () => {
  const table: readonly (readonly [unknown, unknown, boolean])[] = [
    [{ content: 'a\nb\n' }, { type: 'block', ...tandems, lines: 'a\nb\n' }, false],
    [{ content: 'a\nb' }, { type: 'block', ...tandems, lines: 'a\nb\n' }, false],
    [{ content: '' }, { type: 'block', ...tandems, lines: '' }, false],
    [
      { content: 'a', marker: 'shop hosts', comment: ';', create: true },
      { type: 'block', begin: '; BEGIN shop hosts', end: '; END shop hosts', lines: 'a\n' },
      true,
    ],
    [{ absent: true }, { type: 'no block', ...tandems }, false],
  ]
  for (const [options, edit, create] of table) {
    const [thing] = await lowered(block, '/etc/hosts', options)
    assert.equal(thing?.type, 'path')
    assert.deepEqual(thing.want, { type: 'edited', edits: [edit], create, ...asItIs })
  }
})

test('a block that holds its own mark is refused at its place', async () => {
  await assert.rejects(lowered(block, '/etc/hosts', { content: 'a\n# END tandem\n' }), (error) => {
    assert.deepEqual(Reflect.get(Object(error), 'trouble'), {
      what: "the block has the line '# END tandem', which is its own mark",
      where: 'tandem.ts:3:5',
      now: 'give it another marker',
    })
    return true
  })
})

test('what is wrong with a block is told in a sentence', () => {
  assert.deepEqual(complaints(block, '/etc/hosts'), ["block has no 'content'; add content: '10.0.0.5 db\\n'"])
  assert.deepEqual(complaints(block, '/etc/hosts', { absent: true, content: 'x' }), [
    "block.content is 'x' but must be left out beside absent: true; keep one of the two",
  ])
  assert.deepEqual(complaints(block, '/etc/hosts', { content: '', comment: '# ' }), [
    "block.comment is '# ' but must be how a comment begins, such as '#'; write one like that",
  ])
})
