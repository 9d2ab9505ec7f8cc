import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { labelsOf } from './labels.ts'
import { tryIntake } from './try-intake.ts'

describe('an intake for tests', () => {
  test('tells what came in, in its order', () => {
    const intake = tryIntake()
    const up = intake.numberOf(labelsOf({ __name__: 'up', host: 'a"b', job: 'web' }))
    const plain = intake.numberOf(labelsOf({ __name__: 'plain' }))
    assert.equal(intake.numberOf(labelsOf({ __name__: 'plain' })), plain)
    const columns = { series: [up, plain, up], times: [1, 2, 3], values: [1, Infinity, 0], stale: [2] }
    assert.deepEqual(intake.take(columns), { taken: 3, refused: [] })
    assert.deepEqual(intake.lines(), [
      'up{host="a\\"b",job="web"} 1 @1',
      'plain +Inf @2',
      'up{host="a\\"b",job="web"} stale @3',
    ])
    assert.equal(intake.lookups(), 3)
  })

  test('finds who uses numbers that were forgotten', () => {
    const intake = tryIntake()
    const old = intake.numberOf(labelsOf({ __name__: 'up' }))
    const era = intake.era()
    intake.forget()
    assert.notEqual(intake.era(), era)
    const columns = { series: [old], times: [1], values: [1], stale: [] }
    assert.throws(() => intake.take(columns), /nobody was given the number 0/)
  })

  test('fails when it is told to, and takes nothing then', () => {
    const intake = tryIntake()
    const series = [intake.numberOf(labelsOf({ __name__: 'up' }))]
    intake.fail(new Error('no space left'))
    assert.throws(() => intake.take({ series, times: [1], values: [1], stale: [] }), /no space left/)
    intake.fail(null)
    assert.deepEqual(intake.lines(), [])
  })
})
