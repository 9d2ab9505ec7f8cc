import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locale } from './locale.ts'
import { complaints, lowered } from './try-sort.ts'

test('locales are lines of a list that is made anew, and one of them is spoken', async () => {
  const things = await lowered(locale, 'en_US.UTF-8', { also: ['de_DE.ISO-8859-15@euro'] })
  assert.deepEqual(
    things.map(({ key }) => key),
    [
      'package locales, locale en_US.UTF-8',
      'path /etc/locale.gen, locale en_US.UTF-8',
      'path /etc/default/locale',
    ],
  )
  const [, list, spoken] = things
  assert.ok(list?.type === 'path' && list.want.type === 'edited')
  assert.deepEqual(list.want.edits, [
    {
      type: 'line',
      line: 'en_US.UTF-8 UTF-8',
      replaces: String.raw`^#? *en_US\.UTF-8 +UTF-8\s*$`,
      after: null,
    },
    {
      type: 'line',
      line: 'de_DE.ISO-8859-15@euro ISO-8859-15',
      replaces: String.raw`^#? *de_DE\.ISO-8859-15@euro +ISO-8859-15\s*$`,
      after: null,
    },
  ])
  assert.deepEqual(
    list.owes.map((debt) => debt.type === 'command' && debt.script.run),
    [['locale-gen']],
  )
  assert.ok(spoken?.type === 'path' && spoken.want.type === 'edited')
  assert.deepEqual(spoken.want.edits, [
    { type: 'line', line: 'LANG=en_US.UTF-8', replaces: '^LANG=', after: null },
  ])
})

test('the locale that is always there is not made, and one may be made without being spoken', async () => {
  assert.deepEqual(
    (await lowered(locale, 'C.UTF-8')).map(({ key }) => key),
    ['path /etc/default/locale'],
  )
  const made = await lowered(locale, 'fr_FR.UTF-8', { default: false })
  assert.deepEqual(
    made.map(({ key }) => key),
    ['package locales, locale fr_FR.UTF-8', 'path /etc/locale.gen, locale fr_FR.UTF-8'],
  )
})

test('a locale without its character set is refused', () => {
  assert.deepEqual(complaints(locale, 'en_US', { also: 'fr_FR.UTF-8' }), [
    "locale.name is 'en_US' but must be a locale with its character set, such as 'en_US.UTF-8'; write one like that",
    "locale.also is 'fr_FR.UTF-8' but must be a list, such as ['fr_FR.UTF-8']; write ['fr_FR.UTF-8']",
  ])
})
