import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attachOpening, lookOpening, startOpening, targetFolder } from './bootstrap.ts'

const program = { id: 'a', script: ':', frames: [], lease: null, limitMs: 1000, secrets: [] }

describe('the command line that opens a session', () => {
  test('survives every login shell: one line, no single quote, no exclamation mark, no backslash', () => {
    for (const { line } of [
      startOpening('/r', program),
      lookOpening('/r', program, 'abc'),
      attachOpening('/r', 'a'),
    ])
      assert.doesNotMatch(line, /['!\\\n]/)
  })

  test('names nothing a program carries', () => {
    const { line, words } = startOpening('/r', { ...program, script: 'hunter2', secrets: ['hunter2'] })
    assert.ok(!`${line} ${words.join(' ')}`.includes('hunter2'))
  })
})

describe('the folder of a target', () => {
  test('is a safe file name, and different for different targets', () => {
    const targets = [
      'app',
      'a/b',
      'a_2fb',
      'a_2Fb',
      '..',
      '.',
      '_2e.',
      'A b',
      'ä',
      `${'x'.repeat(200)}1`,
      `${'x'.repeat(200)}2`,
    ]
    const folders = targets.map(targetFolder)
    assert.equal(new Set(folders).size, targets.length)
    for (const folder of folders) assert.match(folder, /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}$/)
  })
})
