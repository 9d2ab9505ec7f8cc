import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seeded } from '../../../lab/random.ts'
import { keyOf, labelsOf } from '../labels.ts'
import { MemorySource } from '../memory-source.ts'
import type { SampleSource } from '../source.ts'
import { askAt, askRange, type Asking, usual } from './engine.ts'
import { QueryFailure } from './failure.ts'
import { parseQuery } from './parse/parse.ts'
import { print } from './print.ts'
import { allFunctions, allOperators, Drawing } from './suite/draw.ts'

const minute = 60_000
const asking = (source: SampleSource): Asking => ({ ...usual, source })

/** Series that come, pause, end and fall, sampled every 15 s for an hour, with some jitter. */
function unsteady(seed: number): MemorySource {
  const random = seeded(seed)
  const source = new MemorySource()
  for (const name of ['requests_total', 'errors_total', 'load'])
    for (const job of ['web', 'db'])
      for (const instance of ['1', '2', '3']) {
        const samples: { atMs: number; value: number | 'stale' }[] = []
        let value = random.between(0, 50)
        let isAway = random.next() < 0.2
        for (let atMs = 0; atMs <= 60 * minute; atMs += 15_000) {
          if (random.next() < 0.03) {
            isAway = !isAway
            if (isAway) samples.push({ atMs: atMs + 7000, value: 'stale' })
          }
          if (isAway) continue
          value = random.next() < 0.02 ? 0 : value + random.between(name === 'load' ? -5 : 0, 9) / 4
          samples.push({ atMs: atMs + random.between(0, 200), value: random.next() < 0.01 ? NaN : value })
        }
        source.write(
          labelsOf({ __name__: name, job, instance, le: String(random.pick([0.1, 1, Infinity])) }),
          samples,
        )
      }
  return source
}

const vocabulary = {
  metrics: ['requests_total', 'errors_total', 'load', 'nothing'],
  labels: { job: ['web', 'db', ''], instance: ['1', '2', '3'], le: ['1'] },
  patterns: ['web|db', '[12]', '.*', 'w.+'],
  ranges: [30_000, 2 * minute, 10 * minute],
  offsets: [45_000, 7 * minute, -3 * minute],
  pins: [20 * minute, 0, 61 * minute],
  functions: allFunctions,
  operators: allOperators,
}

describe('the engine', () => {
  it('asks for no values where it only counts series', async () => {
    const only: Record<string, boolean | undefined> = {}
    const query = 'count(a) + group by (job) ((b)) + count(rate(c[1m])) + sum(d) + count(-e)'
    const source: SampleSource = {
      select: (selection) => {
        only[selection.matchers[0]?.value ?? ''] = selection.onlyTimes
        return Promise.resolve({ runs: [], warnings: [] })
      },
    }
    await askAt(parseQuery(query), 0, asking(source))
    assert.deepEqual(only, { a: true, b: true, c: false, d: false, e: false })
  })

  it('answers at one time what a graph shows there', async () => {
    const ask = asking(unsteady(3))
    const drawing = new Drawing(seeded(4), vocabulary)
    let points = 0
    let failures = 0
    for (let round = 0; round < 1500; round += 1) {
      const query = print(drawing.ofType('vector', 1 + (round % 3)))
      // What is pinned to the edges of the question means something else in a shorter one.
      if (/start\(\)|end\(\)/.test(query)) continue
      const expression = parseQuery(query)
      const range = { startMs: 10 * minute, endMs: 50 * minute, stepMs: 8 * minute }
      const graph = await askRange(expression, range, ask).catch(failureOf)
      for (let atMs = range.startMs; atMs <= range.endMs; atMs += range.stepMs) {
        const instant = await askAt(expression, atMs, ask).catch(failureOf)
        if (graph instanceof QueryFailure || instant instanceof QueryFailure) {
          // One time may do where others of the graph have no answer; never the other way round.
          assert.ok(graph instanceof QueryFailure, query)
          failures += 1
          continue
        }
        assert.equal(instant.value.type, 'vector')
        const shown = new Map(
          graph.value.series.flatMap(({ labels, times, values }) => {
            const at = times.indexOf(atMs)
            return at === -1 ? [] : [[keyOf(labels), values[at]] as const]
          }),
        )
        const found = instant.value.type === 'vector' ? instant.value.samples : []
        const told = new Map(found.map(({ labels, value }) => [keyOf(labels), value] as const))
        assert.deepEqual(told, shown, `${query} at ${atMs}`)
        points += told.size
      }
    }
    assert.ok(points > 3000, `${points} points`)
    assert.ok(failures > 10, `${failures} failures`)
  })

  it('shows the samples of a range as they are, without markers', async () => {
    const source = new MemorySource()
    source.write(labelsOf({ __name__: 'up' }), [
      { atMs: 1000, value: 1 },
      { atMs: 2000, value: 'stale' },
      { atMs: 3000, value: NaN },
    ])
    const { value } = await askAt(parseQuery('up[1m]'), 3000, asking(source))
    assert.deepEqual(value, {
      type: 'matrix',
      series: [
        { labels: ['__name__', 'up'], times: Float64Array.of(1000, 3000), values: Float64Array.of(1, NaN) },
      ],
    })
  })

  it('answers scalars and texts as what they are', async () => {
    const ask = asking(new MemorySource())
    assert.deepEqual((await askAt(parseQuery('1 + 1'), 4000, ask)).value, {
      type: 'scalar',
      atMs: 4000,
      value: 2,
    })
    assert.deepEqual((await askAt(parseQuery('"é"'), 4000, ask)).value, {
      type: 'string',
      atMs: 4000,
      value: 'é',
    })
    const range = { startMs: 0, endMs: 2500, stepMs: 1000 }
    const { value } = await askRange(parseQuery('time()'), range, ask)
    assert.deepEqual(value.series, [
      { labels: [], times: Float64Array.of(0, 1000, 2000), values: Float64Array.of(0, 1, 2) },
    ])
    await assert.rejects(askRange(parseQuery('up[5m]'), range, ask), /invalid expression type "range vector"/)
  })

  it('ends a query that needs too much, takes too long, or is not wanted any more', async () => {
    const source = unsteady(1)
    const expression = parseQuery('sum(rate(load[5m]))')
    const range = { startMs: 0, endMs: 60 * minute, stepMs: 15_000 }
    const endedBy = async (limits: Partial<Asking['limits']>): Promise<QueryFailure> => {
      const ended = await askRange(expression, range, {
        ...usual,
        source,
        limits: { ...usual.limits, ...limits },
      }).catch(failureOf)
      return ended instanceof QueryFailure ? ended : assert.fail('it had an answer')
    }
    assert.match((await endedBy({ maxSamples: 1000 })).message, /would load too many samples/)
    assert.equal((await endedBy({ timeoutMs: 0 })).type, 'timeout')
    let asked = 0
    const isAborted = (): boolean => (asked += 1) > 3
    assert.equal((await endedBy({ isAborted })).type, 'canceled')
    assert.equal((await askRange(expression, range, asking(source))).value.series.length, 1)
  })

  it('ends a question at more times than it may hold values, before there is one', async () => {
    const ask = asking(new MemorySource())
    const tooMany = /would load too many samples/
    await assert.rejects(askAt(parseQuery('sum_over_time(vector(1)[10y:1ms])'), 0, ask), tooMany)
    const range = { startMs: 0, endMs: 1e13, stepMs: 1 }
    await assert.rejects(askRange(parseQuery('1'), range, ask), tooMany)
  })

  it('passes on what the source warns of, once', async () => {
    const source: SampleSource = { select: async () => ({ runs: [], warnings: ['a block was set aside'] }) }
    assert.deepEqual((await askAt(parseQuery('a + b'), 0, asking(source))).warnings, [
      'a block was set aside',
    ])
  })

  it('takes arrays that are written over for the next series', async () => {
    const plain = unsteady(9)
    const reusing: SampleSource = {
      select: async (selection) => {
        const { runs, warnings } = await plain.select(selection)
        return { runs: overwritten(runs), warnings }
      },
    }
    const drawing = new Drawing(seeded(6), vocabulary)
    const range = { startMs: 0, endMs: 60 * minute, stepMs: 5 * minute }
    for (let round = 0; round < 300; round += 1) {
      const expression = parseQuery(print(drawing.ofType('vector', 1 + (round % 3))))
      const [careful, careless] = await Promise.all(
        [plain, reusing].map((source) => askRange(expression, range, asking(source)).catch(failureOf)),
      )
      assert.deepEqual(careless, careful, print(expression))
    }
  })
})

function* overwritten(runs: Awaited<ReturnType<SampleSource['select']>>['runs']): typeof runs {
  const times = new Float64Array(1000)
  const values = new Float64Array(1000)
  for (const run of runs) {
    times.fill(-1).set(run.times)
    values.fill(-1).set(run.values)
    const count = run.times.length
    yield { ...run, times: times.subarray(0, count), values: values.subarray(0, count) }
  }
}

function failureOf(error: unknown): QueryFailure {
  if (error instanceof QueryFailure) return error
  throw error
}
