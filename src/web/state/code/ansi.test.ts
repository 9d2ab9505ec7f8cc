import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spansOf, wordsIn } from './ansi.ts'
import { plainText } from './plain-text.ts'

const esc = '\u001b'

test('colours and weights become classes out of a fixed set', () => {
  assert.deepEqual(spansOf(`${esc}[1;31mno${esc}[0m yes ${esc}[92mgreen${esc}[39m${esc}[2mdim${esc}[22m.`), [
    { text: 'no', look: 'ansi-red ansi-bold' },
    { text: ' yes ', look: '' },
    { text: 'green', look: 'ansi-green' },
    { text: 'dim', look: 'ansi-dim' },
    { text: '.', look: '' },
  ])
})

test('of the many colours those with a name are shown, and the numbers of others colour nothing', () => {
  assert.deepEqual(spansOf(`${esc}[38;5;1mred${esc}[0;38;5;208morange${esc}[38;2;31;31;31mrgb`), [
    { text: 'red', look: 'ansi-red' },
    { text: 'orange', look: '' },
    { text: 'rgb', look: '' },
  ])
})

test('titles, links, moves of the cursor and half sequences are left out', () => {
  for (const line of [
    `${esc}]0;owned\u0007a`,
    `${esc}]0;owned\ufffda`,
    `${esc}]8;;javascript:alert(1)${esc}\\a${esc}]8;;${esc}\\`,
    `${esc}[2J${esc}[1;1Ha`,
    `${esc}(Ba`,
  ])
    assert.equal(wordsIn(line), 'a', JSON.stringify(line))
})

test('of a line that was written over itself the last state is shown', () => {
  assert.equal(wordsIn('10 %\r60 %\r100 %\r'), '100 %')
})

test('signs that turn the text around or cannot be seen are shown as what they are', () => {
  assert.equal(plainText('a\u202eb\u0000c\u200b\u007f\tend\n'), 'a<U+202E>b\u2400c<U+200B>\u2421\tend\n')
  assert.equal(wordsIn('exe\u202egnp.'), 'exe<U+202E>gnp.')
})

test('a line that is painted letter by letter is shown without colours', () => {
  const painted = Array.from({ length: 500 }, (_, nth) => `${esc}[3${nth % 8}mx`).join('')
  assert.deepEqual(spansOf(painted), [{ text: 'x'.repeat(500), look: '' }])
})
