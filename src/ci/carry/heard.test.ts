import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHeard } from './heard.ts'

const mark = 'tandem-00'

function hear(...tellings: readonly (readonly string[])[]) {
  const printed: string[] = []
  const heard = openHeard(mark, (line) => printed.push(line))
  for (const lines of tellings) {
    heard.fromTheBeginning()
    for (const line of lines) heard.take(line)
  }
  return { printed, verdict: heard.verdict() }
}

void test('the last line is the verdict, and the empty one before it no line of the job', () => {
  const { printed, verdict } = hear(['a', '', 'b', '', `${mark}\texited\t7\t`])
  assert.deepEqual(printed, ['a', '', 'b'])
  assert.deepEqual(verdict, { why: 'exited', code: 7, said: null })
})

void test('empty lines at the end of what a job printed stay', () => {
  assert.deepEqual(hear(['a', '', '', `${mark}\texited\t0\t`]).printed, ['a', ''])
})

void test('a journal that is told again is printed once', () => {
  const { printed, verdict } = hear(['a', '', 'b'], ['a', '', 'b', 'c'], ['a', '', 'b', 'c', 'd'])
  assert.deepEqual(printed, ['a', '', 'b', 'c', 'd'])
  assert.equal(verdict, null)
})

void test('a line that was cut with its session is printed to its end', () => {
  assert.deepEqual(hear(['one', 'tw'], ['one', 'two', 'three']).printed, ['one', 'tw', 'o', 'three'])
})

void test('a host that cannot begin says why; a word that nobody knows counts as that', () => {
  const { verdict } = hear(['', `${mark}\tnot started\t\tbwrap is missing`])
  assert.deepEqual(verdict, { why: 'not started', code: null, said: 'bwrap is missing' })
  assert.equal(hear([`${mark}\tglorious\t0\t`]).verdict?.why, 'not started')
})
