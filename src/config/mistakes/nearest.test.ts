import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nearest, oneOf, slipsBetween } from './nearest.ts'

test('slips are letters put in, left out, mistaken or swapped', () => {
  const table: readonly (readonly [string, string, number])[] = [
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['por', 'port', 1],
    ['ports', 'port', 1],
    ['pork', 'port', 1],
    ['', 'port', 4],
    ['satges', 'stages', 1],
    ['abc', 'xyz', 3],
  ]
  for (const [a, b, slips] of table) {
    assert.equal(slipsBetween(a, b), slips, `${a} ${b}`)
    assert.equal(slipsBetween(b, a), slips, `${b} ${a}`)
  }
})

test('the nearest name is the one with the fewest slips, and none when all are far', () => {
  assert.equal(nearest('hast', ['hosts', 'host', 'hooks']), 'host')
  assert.equal(nearest('HOSTS', ['host', 'hosts']), 'hosts')
  assert.equal(nearest('colour', ['via', 'roles']), null)
  assert.equal(nearest('ab', ['xy']), null)
  assert.equal(nearest('x', []), null)
})

test('a choice is listed with or before the last', () => {
  assert.equal(oneOf(['a']), "'a'")
  assert.equal(oneOf(['a', 'b', 'c']), "'a', 'b' or 'c'")
})
