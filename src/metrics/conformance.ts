import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Labels, labelsOf } from './labels.ts'
import type { Matcher } from './matcher.ts'
import type { WrittenSample } from './memory-source.ts'
import type { SampleSource, Selection } from './source.ts'

/** A source that holds these series, and how it is let go. */
export type MakeSource = (
  series: readonly Readonly<{ labels: Labels; samples: readonly WrittenSample[] }>[],
) => Promise<Readonly<{ source: SampleSource; close: () => Promise<void> }>>

const up = (job: string): Labels => labelsOf({ __name__: 'up', job })
const named: Matcher = { name: '__name__', operator: '=', value: 'up' }
const everything = { fromMs: -1e12, toMs: 1e13 }

/** What every source of samples does. */
export function sourceConformance(name: string, make: MakeSource): void {
  const found = async (
    selection: Selection,
    series: Parameters<MakeSource>[0],
  ): Promise<Record<string, unknown>> => {
    const { source, close } = await make(series)
    try {
      const { runs } = await source.select(selection)
      const copies: Record<string, unknown> = {}
      // Arrays may be written over when the next series is taken, so they are copied at once.
      for (const { labels, times, values, stale } of runs) {
        assert.equal(times.length, values.length)
        const samples = Array.from(times, (ms, at) => [
          ms,
          stale?.includes(at) === true ? 'stale' : values[at],
        ])
        if (samples.length > 0) copies[labels.join(' ')] = samples
      }
      return copies
    } finally {
      await close()
    }
  }

  describe(`the source ${name}`, () => {
    it('gives the samples of a range with both of its ends', async () => {
      const samples = [1, 2, 3, 4, 5].map((value) => ({ atMs: value * 1000, value }))
      const series = [{ labels: up('a'), samples }]
      const selection = { matchers: [named], fromMs: 2000, toMs: 4000 }
      assert.deepEqual(await found(selection, series), {
        '__name__ up job a': [
          [2000, 2],
          [3000, 3],
          [4000, 4],
        ],
      })
      assert.deepEqual(await found({ ...selection, fromMs: 2001, toMs: 2999 }, series), {})
    })

    it('keeps every value as it was, and staleness apart from NaN', async () => {
      const values = [NaN, Infinity, -Infinity, -0, 5e-324, 1.7976931348623157e308, 'stale', 0.1] as const
      const samples = values.map((value, at) => ({ atMs: 1_700_000_000_000 + at, value }))
      const kept = await found({ matchers: [named], ...everything }, [{ labels: up('a'), samples }])
      assert.deepEqual(kept, { '__name__ up job a': samples.map(({ atMs, value }) => [atMs, value]) })
    })

    it('finds series by all conditions, where a label that is not there is empty', async () => {
      const samples = [{ atMs: 0, value: 1 }]
      const labels = [
        up('a'),
        up('b'),
        labelsOf({ __name__: 'up' }),
        labelsOf({ __name__: 'down', job: 'a' }),
      ]
      const series = labels.map((each) => ({ labels: each, samples }))
      const jobsFor = async (...matchers: readonly Matcher[]): Promise<readonly string[]> =>
        Object.keys(await found({ matchers, ...everything }, series)).toSorted()
      const job = (operator: Matcher['operator'], value: string): Matcher => ({
        name: 'job',
        operator,
        value,
      })
      assert.deepEqual(await jobsFor(named, job('=', 'a')), ['__name__ up job a'])
      assert.deepEqual(await jobsFor(named, job('=', '')), ['__name__ up'])
      assert.deepEqual(await jobsFor(named, job('!=', 'a')), ['__name__ up', '__name__ up job b'])
      assert.deepEqual(await jobsFor(named, job('=~', 'a|b')), ['__name__ up job a', '__name__ up job b'])
      assert.deepEqual(await jobsFor(named, job('!~', '.+')), ['__name__ up'])
      assert.deepEqual(await jobsFor(job('=', 'a')), ['__name__ down job a', '__name__ up job a'])
      assert.deepEqual(await jobsFor(named, job('=', 'a'), job('=', 'b')), [])
    })
  })
}
