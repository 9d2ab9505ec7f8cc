import assert from 'node:assert/strict'
import { test } from 'node:test'
import { specHashOf } from './spec.ts'
import { trySpec } from '../try-deployment.ts'

const none = new Map<string, string>()
const usual = specHashOf(trySpec(), none, 'key')

test('what is kept and how long an old release may take does not name other settings', () => {
  for (const wanted of [{ keep: 9 }, { drainMs: 1 }, { warmMs: 1 }])
    assert.equal(specHashOf(trySpec(wanted), none, 'key'), usual)
})

test('a variable, a command, the value of a secret and the key of the store each name other settings', () => {
  const secret = trySpec({ secrets: ['TOKEN'] })
  const hashes = [
    specHashOf(trySpec({ env: { PLACE: 'here' } }), none, 'key'),
    specHashOf(trySpec({ port: 3001 }), none, 'key'),
    specHashOf(secret, new Map([['TOKEN', 'one']]), 'key'),
    specHashOf(secret, new Map([['TOKEN', 'two']]), 'key'),
    specHashOf(trySpec(), none, 'other key'),
  ]
  assert.equal(new Set([usual, ...hashes]).size, hashes.length + 1)
})
