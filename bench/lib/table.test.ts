import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load, table } from './table.ts'

test('a table has columns as wide as their widest cell, numbers to the right', () => {
  const text = table([
    ['what', 's'],
    ['tandem', 1.5],
    ['it', 12],
  ])
  assert.equal(text, ['what    s', '------  ---', 'tandem  1.5', 'it       12'].join('\n'))
})

test('the load of the machine is told in words', () => {
  assert.match(load(), /^load average \d+\.\d \d+\.\d \d+\.\d$/)
})
