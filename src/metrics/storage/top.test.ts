import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { type Labels, labelsOf, recordOf } from '../labels.ts'
import { SampleStore } from './sample-store.ts'
import { type Sample, take } from './try-samples.ts'

const hour = 3_600_000
const begin = 1_795_392_000_000
const up = (host: string): Labels => labelsOf({ __name__: 'up', host })

describe('what there is most of in a store', () => {
  let folder: string
  let store: SampleStore
  let now: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-top-'))
    now = begin + hour
    store = new SampleStore({
      folder,
      now: () => now,
      seriesLimit: 100,
      seriesOfNameLimit: 100,
      valuesOfLabelLimit: 2,
      keptMs: 24 * hour,
    })
  })
  afterEach(() => {
    store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('tells series by what they have in common, and which newcomer had one value too many', () => {
    const one = (labels: Labels): Sample => ({ labels, ms: begin, value: 1 })
    const bomb = (user: string): Labels => labelsOf({ __name__: 'hits', host: 'web', job: 'shop', user })
    const { refused } = take(
      store,
      ['a', 'b', 'c', 'd', 'a'].map((user) => one(bomb(user))),
    )
    assert.deepEqual(
      refused.map(({ sample, why }) => [sample.labels, why]),
      [
        [bomb('c'), 'too many values of a label'],
        [bomb('d'), 'too many values of a label'],
      ],
    )
    assert.equal(take(store, [one(up('c'))]).taken, 1, 'another metric has room')
    take(store, [{ ...one(up('c')), value: 2 }])
    const { metrics, hosts, jobs, pairs, labels, refused: counts, series, head } = store.top(2)
    assert.equal(series, 3)
    assert.deepEqual(metrics, [
      { name: 'hits', series: 2, jobs: [{ name: 'shop', series: 2 }], widest: { label: 'user', values: 2 } },
      { name: 'up', series: 1, jobs: [{ name: '', series: 1 }], widest: { label: 'host', values: 1 } },
    ])
    assert.deepEqual(head, { pieces: 3, span: { fromMs: begin, toMs: begin } })
    assert.deepEqual(hosts, [
      { name: 'web', series: 2 },
      { name: 'c', series: 1 },
    ])
    assert.deepEqual(jobs, [
      { name: 'shop', series: 2 },
      { name: '', series: 1 },
    ])
    assert.deepEqual(pairs, [
      { label: '__name__', value: 'hits', series: 2 },
      { label: 'host', value: 'web', series: 2 },
    ])
    assert.deepEqual(labels, [
      { name: '__name__', values: 2, bytes: 4 + 2 },
      { name: 'host', values: 2, bytes: 3 + 1 },
    ])
    assert.deepEqual(counts, [
      {
        metric: 'hits',
        why: 'too many values of a label',
        label: 'user',
        samples: 2,
        example: recordOf(bomb('c')),
      },
      { metric: 'up', why: 'contradicts', label: null, samples: 1, example: recordOf(up('c')) },
    ])
  })

  test('tells how much it takes and holds', async () => {
    await store.settle()
    const many = Array.from({ length: 100 }, (_, at) => ({ labels: up('a'), ms: begin + at, value: at }))
    assert.equal(take(store, many).taken, 100)
    now += 50_000
    const { samplesPerSecond, bytes, log, corruptions } = store.top(1)
    assert.deepEqual([log, corruptions], [{ first: 1, last: 1 }, 0])
    assert.equal(samplesPerSecond, 2)
    assert.ok(bytes.log > 900 && bytes.memory > 1600 && bytes.blocks === 0)
  })
})
