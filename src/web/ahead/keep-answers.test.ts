import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ask, keepAnswers } from './keep-answers.ts'

/** Answers with how often it was asked; `/no` is refused. */
function makeWorld() {
  const world = { asked: 0, now: 0 }
  const ask = async (_method: string, path: string): Promise<unknown> => {
    world.asked += 1
    if (path === '/no') throw new Error('no')
    return `answer ${world.asked}`
  }
  return { world, ...keepAnswers(ask as Ask, () => world.now) }
}

test('what was asked ahead is handed over once, also while it is on its way', async () => {
  const { world, ask, ahead } = makeWorld()
  const begun = ahead('GET', '/me')
  assert.deepEqual([await ask('GET', '/me'), await begun, world.asked], ['answer 1', 'answer 1', 1])
  assert.equal(await ask('GET', '/me'), 'answer 2')
  assert.equal(await ask('GET', '/other'), 'answer 3')
})

test('an answer that is old, or to another deed, is not handed over', async () => {
  const { world, ask, ahead } = makeWorld()
  await ahead('GET', '/me')
  assert.equal(await ask('DELETE', '/me'), 'answer 2')
  world.now = 30_001
  assert.equal(await ask('GET', '/me'), 'answer 3')
})

test('a refusal reaches who waits for it, and is forgotten', async () => {
  const { world, ask, ahead } = makeWorld()
  ahead('GET', '/no').catch(() => {})
  await assert.rejects(ask('GET', '/no'), /no/)
  await ahead('GET', '/no').catch(() => {})
  await assert.rejects(ask('GET', '/no'), /no/)
  assert.equal(world.asked, 3)
})
