import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type JobRun, waitingJob } from '../../store/runs.ts'
import { inTurns } from './in-turns.ts'

function teller() {
  const said: string[] = []
  const told = inTurns(
    {
      begins: (job) => said.push(`${job}:`),
      line: ({ text }) => said.push(text),
      again: ({ name }) => said.push(`${name} again`),
      over: ({ name, outcome }) => said.push(`${name} ${outcome}`),
      ahead: ({ name }) => said.push(`(${name})`),
    },
    ({ outcome }) => outcome === 'passed',
  )
  return { said, told }
}

const job = (name: string, outcome: JobRun['outcome'] = null, attempt = 1): JobRun => ({
  ...waitingJob({ name, needs: [] }),
  outcome,
  attempt,
})
const line = (text: string) => ({ ms: 0, text })

void test('jobs beside each other are told one after the other, the first as it goes on', () => {
  const { said, told } = teller()
  told.begins(job('a'))
  told.begins(job('b'))
  told.line(job('b'), line('b1'))
  told.line(job('a'), line('a1'))
  assert.deepEqual(said, ['a:', 'a1'])
  told.over(job('b', 'passed'))
  told.begins(job('c'))
  told.over(job('a', 'passed'))
  assert.deepEqual(said, ['a:', 'a1', 'a passed', 'b:', 'b1', 'b passed', 'c:'])
  told.line(job('c'), line('c1'))
  told.over(job('c', 'passed'))
  assert.deepEqual(said.slice(-2), ['c1', 'c passed'])
})

void test('one that did not pass is named at once, and told in its turn', () => {
  const { said, told } = teller()
  told.begins(job('a'))
  told.begins(job('b'))
  told.over(job('b', 'failed'))
  assert.deepEqual(said, ['a:', '(b)'])
  told.over(job('a', 'failed'))
  assert.deepEqual(said, ['a:', '(b)', 'a failed', 'b:', 'b failed'])
})

void test('a second attempt follows the first', () => {
  const { said, told } = teller()
  told.begins(job('a'))
  told.again(job('a'))
  told.begins(job('a', null, 2))
  told.over(job('a', 'flaky', 2))
  assert.deepEqual(said, ['a:', 'a again', 'a, once more:', 'a flaky'])
})

void test('one that begins when all others are over is told at once', () => {
  const { said, told } = teller()
  told.begins(job('a'))
  told.over(job('a', 'passed'))
  told.begins(job('b'))
  told.line(job('b'), line('b1'))
  assert.deepEqual(said, ['a:', 'a passed', 'b:', 'b1'])
})
