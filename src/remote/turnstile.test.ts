import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { openTurnstile, type Pass } from './turnstile.ts'

function crowd(most: number): Pass[] {
  const turnstile = openTurnstile('h1')
  const passes: Pass[] = []
  for (let n = 0; n < most; n += 1) void turnstile.enter().then((pass) => passes.push(pass))
  return passes
}

describe('the turnstile before a host', () => {
  test('lets one open the connection, and then eight at a time through', async () => {
    const passes = crowd(12)
    await turn()
    assert.equal(passes.length, 1)
    passes[0]?.opened()
    await turn()
    assert.equal(passes.length, 8)
    passes[3]?.leave()
    passes[3]?.leave()
    await turn()
    assert.equal(passes.length, 9, 'leaving twice makes room once')
  })

  test('lets the next one try when the first could not open it', async () => {
    const passes = crowd(3)
    await turn()
    passes[0]?.leave()
    await turn()
    assert.equal(passes.length, 2)
  })

  test('is careful again when the connection may have been closed for idleness', async () => {
    let now = 1_000
    const turnstile = openTurnstile('h1', () => now)
    const first = await turnstile.enter()
    first.opened()
    first.leave()
    now += 60_000
    const passes: Pass[] = []
    for (let n = 0; n < 3; n += 1) void turnstile.enter().then((pass) => passes.push(pass))
    await turn()
    assert.equal(passes.length, 1)
  })

  test('lets others in for as long as a session stands', async () => {
    let now = 1_000
    const turnstile = openTurnstile('h1', () => now)
    const first = await turnstile.enter()
    first.opened()
    first.opened()
    now += 600_000
    const passes: Pass[] = []
    const enter = (): void => void turnstile.enter().then((pass) => passes.push(pass))
    enter()
    enter()
    await turn()
    assert.equal(passes.length, 2)
    first.leave()
    now += 60_000
    passes.forEach((pass) => pass.leave())
    enter()
    enter()
    await turn()
    assert.equal(passes.length, 3, 'none of them was opened: the next goes alone')
  })

  test('refuses when too many wait', async () => {
    const turnstile = openTurnstile('h1')
    for (let n = 0; n < 501; n += 1) void turnstile.enter()
    await assert.rejects(turnstile.enter(), /500 programs wait/)
  })
})
