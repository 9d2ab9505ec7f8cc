import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ending, Run } from './remote.ts'
import { type Talk, talk } from './talk.ts'

/** A program that has printed some lines and ended. */
function runOf(ending: Ending, ...lines: readonly string[]): Run {
  return {
    tell: () => {},
    kill: () => {},
    lines: (async function* () {
      yield* lines
    })(),
    ending: Promise.resolve(ending),
  }
}

function talkOf(run: Run, reattach: () => Run): Talk {
  return talk({ host: 'h1', what: 'the step', mark: 'm', run, reattach, say: () => {}, heard: () => {} })
}

test('a program that runs no more is not followed again', async () => {
  const run = runOf({ type: 'lost', why: 'the host was restarted', isOver: true }, '@m step half of it')
  const talking = talkOf(run, () => assert.fail('it was followed again'))
  await assert.rejects(talking.end(), /h1 cannot be heard: the host was restarted/)
})

test('a program whose connection was lost is followed again, and what it told is heard once', async () => {
  const run = runOf({ type: 'lost', why: 'the cable' }, '@m step one')
  const talking = talkOf(run, () => runOf({ type: 'exited', code: 0 }, '@m step one', '@m ready'))
  await talking.end()
  assert.deepEqual(talking.told, ['step one', 'ready'])
})
