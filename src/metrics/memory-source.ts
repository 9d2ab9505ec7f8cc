import { keyOf, type Labels } from './labels.ts'
import { testOfAll } from './matcher.ts'
import type { Run, SampleSource, Selected, Selection } from './source.ts'

export type WrittenSample = Readonly<{ atMs: number; value: number | 'stale' }>

type Kept = { labels: Labels; times: number[]; values: number[]; stale: number[] }

/** Samples in memory: what tests and comparisons ask, and the shortest source there is. */
export class MemorySource implements SampleSource {
  readonly #series = new Map<string, Kept>()

  /** Adds samples that are newer than those the series has. */
  write(labels: Labels, samples: Iterable<WrittenSample>): void {
    const key = keyOf(labels)
    const kept = this.#series.get(key) ?? { labels, times: [], values: [], stale: [] }
    this.#series.set(key, kept)
    for (const { atMs, value } of samples) {
      if (value === 'stale') kept.stale.push(kept.times.length)
      kept.times.push(atMs)
      kept.values.push(value === 'stale' ? 0 : value)
    }
  }

  // oxlint-disable-next-line typescript/require-await -- a source may take a while to find its series; this one does not
  async select(selection: Selection): Promise<Selected> {
    return this.look(selection)
  }

  /** As `select`, and at once. */
  look(selection: Selection): Selected {
    const matches = testOfAll(selection.matchers)
    const found = [...this.#series.values()].filter(({ labels }) => matches(labels))
    return { runs: found.map((kept) => cut(kept, selection)), warnings: [] }
  }
}

function cut({ labels, times, values, stale }: Kept, { fromMs, toMs }: Selection): Run {
  const from = firstAtLeast(times, fromMs)
  const to = firstAtLeast(times, toMs + 1)
  const marked = stale.filter((at) => at >= from && at < to).map((at) => at - from)
  return {
    labels,
    times: Float64Array.from(times.slice(from, to)),
    values: Float64Array.from(values.slice(from, to)),
    stale: marked.length === 0 ? null : Int32Array.from(marked),
  }
}

function firstAtLeast(times: readonly number[], ms: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) < ms) low = middle + 1
    else high = middle
  }
  return low
}
