import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endsWith, startsWith } from './affix.ts'

const texts = [
  '',
  'a',
  'ab',
  'ba',
  'aba',
  'abab',
  'b',
  'é',
  'aé',
  '😀',
  'a😀',
  '\u{d83d}',
  '\u{de00}',
  'x'.repeat(40),
]

test('beginnings and ends are those that JavaScript finds', () => {
  for (const text of texts) {
    for (const word of texts) {
      assert.equal(startsWith(text, word), text.startsWith(word), `${text} starts with ${word}`)
      assert.equal(endsWith(text, word), text.endsWith(word), `${text} ends with ${word}`)
    }
  }
})
