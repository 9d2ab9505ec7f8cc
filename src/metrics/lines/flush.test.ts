import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelsOf } from '../labels.ts'
import { tryIntake } from '../try-intake.ts'
import { flushReader } from './flush.ts'
import { Outbox } from './outbox.ts'

const up = (host: string) => labelsOf({ __name__: 'up', host })

test('names are said once, and looked up once', () => {
  const [outbox, intake] = [new Outbox(), tryIntake()]
  const read = flushReader(intake)
  for (const ms of [10, 20, 30]) {
    outbox.add(outbox.numberOf(up('a')), ms, ms)
    assert.deepEqual(read(outbox.take()), { samples: 1, taken: 1, refused: {} })
  }
  assert.deepEqual(intake.lines(), ['up{host="a"} 10 @10', 'up{host="a"} 20 @20', 'up{host="a"} 30 @30'])
  assert.equal(intake.lookups(), 1)
})

test('a series that ended leaves its number to another, after all who wait for it', () => {
  const [outbox, intake] = [new Outbox(), tryIntake()]
  const read = flushReader(intake)
  const first = outbox.numberOf(up('a'))
  outbox.add(first, 10, 1)
  outbox.end(first, 20)
  outbox.add(outbox.numberOf(up('b')), 20, 2)
  read(outbox.take())
  const third = outbox.numberOf(up('c'))
  assert.equal(third, first)
  outbox.add(third, 30, 3)
  read(outbox.take())
  assert.deepEqual(intake.lines(), [
    'up{host="a"} 1 @10',
    'up{host="a"} stale @20',
    'up{host="b"} 2 @20',
    'up{host="c"} 3 @30',
  ])
})

test('numbers of another era are asked for again', () => {
  const [outbox, intake] = [new Outbox(), tryIntake()]
  const read = flushReader(intake)
  outbox.add(outbox.numberOf(up('a')), 10, 1)
  read(outbox.take())
  intake.forget()
  outbox.add(outbox.numberOf(up('a')), 20, 2)
  read(outbox.take())
  assert.equal(intake.lines().length, 2)
})

test('who begins to read later says so, and is told all names', () => {
  const [outbox, intake] = [new Outbox(), tryIntake()]
  outbox.add(outbox.numberOf(up('a')), 10, 1)
  outbox.take()
  const read = flushReader(intake)
  outbox.add(outbox.numberOf(up('a')), 20, 2)
  assert.equal(read(outbox.take()), null)
  outbox.sayAll()
  const ending = outbox.numberOf(up('a'))
  outbox.end(ending, 30)
  outbox.sayAll()
  read(outbox.take())
  assert.deepEqual(intake.lines(), ['up{host="a"} stale @30'])
})
