import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blocksOf } from './markdown.ts'

test('headings, words, lists, quotes and code are read', () => {
  const blocks = blocksOf(
    '# Shop\n\nSells **one** `bell`\nat a time.\n\n- a\n  more\n- b\n\n> said\n\n```sh\nnpm ci\n```\n| a | b |\n',
  )
  assert.deepEqual(
    blocks.map(({ type }) => type),
    ['heading', 'paragraph', 'list', 'quote', 'code', 'code'],
  )
  assert.deepEqual(blocks[1], {
    type: 'paragraph',
    words: [
      { type: 'text', text: 'Sells ' },
      { type: 'strong', text: 'one' },
      { type: 'text', text: ' ' },
      { type: 'code', text: 'bell' },
      { type: 'text', text: ' at a time.' },
    ],
  })
})

test('only http and https become links, and markup stays words', () => {
  const links = (text: string) =>
    blocksOf(text).flatMap((block) =>
      'words' in block ? block.words.filter(({ type }) => type === 'link') : [],
    )
  assert.equal(links('[a](https://x.example) and <http://y.example>').length, 2)
  for (const text of [
    '[a](javascript:alert(1))',
    '[a](data:text/html,x)',
    '[a](//x.example)',
    '[a](JaVaScRiPt:x)',
    '![a](vbscript:x)',
  ])
    assert.deepEqual(links(text), [], text)
  assert.deepEqual(blocksOf('<img src=x onerror=alert(1)>'), [
    { type: 'paragraph', words: [{ type: 'text', text: '<img src=x onerror=alert(1)>' }] },
  ])
})

test('a text that never closes what it opens, and one that is endless, come to an end', () => {
  assert.deepEqual(blocksOf('```\na'), [{ type: 'code', text: 'a' }])
  assert.equal(blocksOf('['.repeat(50_000))[0]?.type, 'paragraph')
  assert.equal(blocksOf('*a'.repeat(60_000))[0]?.type, 'code')
})
