import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mustBeMaskable } from './maskable.ts'

describe('secrets of jobs', () => {
  for (const value of ['hunter22', '  hunter22\n', 'pässwörd'])
    test(`may be ${JSON.stringify(value)}`, () => mustBeMaskable('TOKEN', value))

  for (const [value, says] of [
    ['', 'is empty'],
    ['x', 'has 1 character:'],
    ['hunter2', 'has 7 characters'],
    [' \n hunter2 ', 'has 7 characters'],
    ['😀😀😀😀', 'has 4 characters'],
  ] as const)
    test(`may not be ${JSON.stringify(value)}`, () => {
      assert.throws(() => mustBeMaskable('TOKEN', value), new RegExp(`the secret TOKEN ${says}`))
    })
})
