import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeJudge, type Writer } from './writers.ts'

const writer = (run: string, token: number, host = 'h1'): Writer => ({
  host,
  run,
  target: 'shop_40production',
  token,
})

test('programs one after the other with rising tokens are as they should be', () => {
  const judge = makeJudge()
  for (const now of [[writer('a', 1)], [writer('a', 1)], [writer('b', 2)], [], [writer('c', 2)]])
    judge.look(now)
  assert.deepEqual(judge.faults(), [])
  assert.equal(judge.seen(), 3)
})

test('an older program that begins after a newer one is found', () => {
  const judge = makeJudge()
  judge.look([writer('b', 2)])
  judge.look([writer('a', 1)])
  assert.equal(judge.faults().length, 1)
})

test('an older program that runs on beside a newer one is found, a dying one is not', () => {
  const dying = makeJudge()
  dying.look([writer('a', 1)])
  dying.look([writer('a', 1), writer('b', 2)])
  dying.look([writer('b', 2)])
  assert.deepEqual(dying.faults(), [])
  const living = makeJudge()
  living.look([writer('a', 1)])
  living.look([writer('a', 1), writer('b', 2)])
  living.look([writer('a', 1), writer('b', 2)])
  assert.equal(living.faults().length, 1)
})

test('hosts are judged apart', () => {
  const judge = makeJudge()
  judge.look([writer('b', 2, 'h2')])
  judge.look([writer('a', 1, 'h1')])
  assert.deepEqual(judge.faults(), [])
})
