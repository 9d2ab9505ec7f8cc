import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'

const limitMs = 20_000
const lookMs = 20

/**
 * Resolves as soon as what is read is what is expected; a page draws a moment after it was touched. Rejects with the
 * difference when the limit is over before.
 */
export async function becomes<T>(read: () => Promise<T>, expected: T): Promise<void> {
  for (const began = performance.now(); ; await pause(lookMs)) {
    const found = await read()
    if (isDeepStrictEqual(found, expected)) return
    if (performance.now() - began > limitMs) assert.deepEqual(found, expected)
  }
}
