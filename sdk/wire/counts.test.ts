import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Count } from '../evaluate/table.ts'
import { Counts } from './counts.ts'
import type { CountsBatch } from './messages.ts'

function counted(): { counts: Counts; add: (flag: string, count: number) => void; lost: [number, string][] } {
  let waiting: Count[] = []
  const lost: [number, string][] = []
  const take = (): readonly Count[] => {
    const taken = waiting
    waiting = []
    return taken
  }
  const counts = new Counts('client-1', take, (count, why) => lost.push([count, why]))
  const add = (flag: string, count: number): void => {
    waiting.push({ flag, resolution: { variant: 'on', value: true, reason: 'STATIC' }, count })
  }
  return { counts, add, lost }
}

describe('counts', () => {
  it('are added up while the hub is away, and the batch under way stays as it is', async () => {
    const { counts, add, lost } = counted()
    const sent: CountsBatch[] = []
    add('a', 2)
    assert.equal(await counts.send(async (batch) => (sent.push(batch), { retryAfterMs: 7 })), 7)
    add('a', 3)
    add('a', 4)
    add('b', 1)
    assert.equal(await counts.send(async (batch) => (sent.push(batch), 'taken')), null)
    assert.deepEqual(
      sent.map(({ batch, counts: lines }) => [batch, lines.map(({ flag, count }) => [flag, count])]),
      [
        [1, [['a', 2]]],
        [1, [['a', 2]]],
        [
          2,
          [
            ['a', 7],
            ['b', 1],
          ],
        ],
      ],
    )
    assert.deepEqual(lost, [])
  })

  it('are sent again when sending failed', async () => {
    const { counts, add } = counted()
    add('a', 2)
    await assert.rejects(
      counts.send(() => Promise.reject(new Error('cut'))),
      /cut/,
    )
    const sent: CountsBatch[] = []
    await counts.send(async (batch) => (sent.push(batch), 'taken'))
    assert.deepEqual(
      sent.map(({ batch, counts: lines }) => [batch, lines[0]?.count]),
      [[1, 2]],
    )
  })

  it('are told as lost where they will never arrive', async () => {
    const { counts, add, lost } = counted()
    add('a', 2)
    await counts.send(async () => 'refused')
    add('a', 5)
    counts.abandon('it is over')
    counts.abandon('it is over')
    assert.deepEqual(lost, [
      [2, 'the hub refused them'],
      [5, 'it is over'],
    ])
  })

  it('have a limit for how many different ones wait, and say what goes beyond', async () => {
    const { counts, add, lost } = counted()
    for (let at = 0; at < 50_001; at += 1) add(`f${at}`, 1)
    const sent: CountsBatch[] = []
    await counts.send(async (batch) => (sent.push(batch), 'taken'))
    assert.equal(sent.length, 10)
    assert.deepEqual(
      lost.map(([count]) => count),
      [1],
    )
  })

  it('never end before they begin, when the clock is set back', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
    const { counts, add } = counted()
    const sent: CountsBatch[] = []
    for (const now of [1_001_000, 500_000, 501_000]) {
      t.mock.timers.setTime(now)
      add('a', 1)
      await counts.send(async (batch) => (sent.push(batch), 'taken'))
    }
    assert.deepEqual(
      sent.map(({ fromMs, toMs }) => [fromMs, toMs]),
      [
        [1_000_000, 1_001_000],
        [500_000, 500_000],
        [500_000, 501_000],
      ],
    )
  })
})
