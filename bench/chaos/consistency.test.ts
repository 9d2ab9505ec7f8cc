import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeClient } from '../../src/api/client/client.ts'
import type { Entry } from '../../src/change/entry.ts'
import { lostEntries } from './consistency.ts'

const entry = (seq: number, hash: string): Entry => ({
  type: 'finished',
  seq,
  hash,
  prev: '',
  at: 0,
  change: 'c1',
})

/** A hub whose only change has these entries. */
function hubWith(entries: readonly Entry[]) {
  const fetch = (): Response => Response.json({ entries })
  return { client: () => makeClient({ fetch, base: 'http://hub', token: '', door: 'api' }) }
}

test('what was told and is kept is not lost', async () => {
  const told = [entry(1, 'a'), entry(2, 'b')]
  assert.deepEqual(await lostEntries(hubWith([...told, entry(3, 'c')]), told), [])
})

test('what was told and is missing, or is there otherwise, is lost', async () => {
  const told = [entry(1, 'a'), entry(2, 'b'), entry(3, 'c')]
  const lost = await lostEntries(hubWith([entry(1, 'a'), entry(2, 'another')]), told)
  assert.deepEqual(
    lost.map(({ seq }) => seq),
    [2, 3],
  )
})
