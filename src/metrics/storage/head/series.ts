import type { Labels } from '../../labels.ts'
import type { Run } from '../../source.ts'
import { ByteReader, ByteWriter } from '../codec/bytes.ts'
import { readTimes, writeTimes } from '../codec/times.ts'
import { readValues, writeValues } from '../codec/values.ts'
import { cutRun, firstNotBefore } from '../cut.ts'
import { joinRuns, mergeRuns, noRun } from './join-runs.ts'

/** What became of a sample: a second one of a time is the same or contradicts the first. */
export type Reception = 'taken' | 'same' | 'contradicts'

/** A few minutes that are closed: times, then values, as in a block but not squeezed, as they are read all the time. */
type Chunk = Readonly<{
  fromMs: number
  toMs: number
  count: number
  bytes: Uint8Array
  stale: Int32Array | null
}>

const samplesInChunk = 240
const firstRoom = 16

/** The newest samples of one series, in memory. Those that come late stand aside until somebody reads. */
export class HeadSeries {
  readonly number: number
  readonly labels: Labels
  #chunks: Chunk[] = []
  #times = new Float64Array(firstRoom)
  #values = new Float64Array(firstRoom)
  #stale: number[] = []
  #count = 0
  #late: Run | null = null

  constructor(number: number, labels: Labels) {
    this.number = number
    this.labels = labels
  }

  /** The time of the newest sample; before all times when there is none. */
  get newestMs(): number {
    return this.#count > 0 ? (this.#times[this.#count - 1] ?? 0) : (this.#chunks.at(-1)?.toMs ?? -Infinity)
  }

  /** The time of the oldest sample; after all times when there is none. */
  get oldestMs(): number {
    const inOrder = this.#chunks[0]?.fromMs ?? (this.#count > 0 ? (this.#times[0] ?? 0) : Infinity)
    return Math.min(inOrder, this.#late?.times[0] ?? Infinity)
  }

  /** Takes a sample of any time. Where it says that the series has ended, its value does not matter. */
  take(ms: number, value: number, isStale: boolean): Reception {
    if (ms <= this.newestMs) return this.#takeLate(ms, value, isStale)
    if (this.#count === samplesInChunk) this.#close()
    if (this.#count === this.#times.length) this.#grow()
    if (isStale) this.#stale.push(this.#count)
    this.#times[this.#count] = ms
    // What means nothing is what costs nothing.
    this.#values[this.#count] = isStale ? (this.#values[this.#count - 1] ?? 0) : value
    this.#count += 1
    return 'taken'
  }

  /** The samples from one time to another, both included. */
  read(fromMs: number, toMs: number): Run {
    const pieces: Run[] = []
    for (const chunk of this.#chunks) {
      if (chunk.toMs < fromMs || chunk.fromMs > toMs) continue
      pieces.push(within(openChunk(chunk, this.labels), fromMs, toMs))
    }
    pieces.push(within(this.#open(), fromMs, toMs))
    const inOrder = joinRuns(this.labels, pieces)
    return this.#late === null ? inOrder : mergeRuns(inOrder, within(this.#late, fromMs, toMs))
  }

  /** Forgets what is older, as far as it is closed. True when nothing is left. */
  forgetBefore(ms: number): boolean {
    this.#chunks = this.#chunks.filter(({ toMs }) => toMs >= ms)
    if (this.#late !== null) this.#late = orNull(within(this.#late, ms, Infinity))
    if (this.newestMs < ms) this.#count = 0
    return this.#chunks.length === 0 && this.#count === 0 && this.#late === null
  }

  #takeLate(ms: number, value: number, isStale: boolean): Reception {
    const { times, values, stale } = this.read(ms, ms)
    if (times.length > 0) {
      const wasStale = stale !== null
      return wasStale === isStale && (isStale || Object.is(values[0], value)) ? 'same' : 'contradicts'
    }
    const one = {
      labels: this.labels,
      times: Float64Array.of(ms),
      values: Float64Array.of(isStale ? 0 : value),
      stale: isStale ? Int32Array.of(0) : null,
    }
    this.#late = this.#late === null ? one : mergeRuns(this.#late, one)
    return 'taken'
  }

  #open(): Run {
    return {
      labels: this.labels,
      times: this.#times.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      stale: this.#stale.length === 0 ? null : Int32Array.from(this.#stale),
    }
  }

  #close(): void {
    const { times, values, stale } = this.#open()
    const into = new ByteWriter(2 * this.#count)
    writeTimes(times, into)
    writeValues(values, into)
    const bytes = into.bytes().slice()
    this.#chunks.push({ fromMs: times[0] ?? 0, toMs: this.newestMs, count: this.#count, bytes, stale })
    // Not used again: somebody may still read what was given out of them.
    this.#times = new Float64Array(samplesInChunk)
    this.#values = new Float64Array(samplesInChunk)
    this.#count = 0
    this.#stale = []
  }

  #grow(): void {
    const room = Math.min(2 * this.#times.length, samplesInChunk)
    const [times, values] = [new Float64Array(room), new Float64Array(room)]
    times.set(this.#times)
    values.set(this.#values)
    this.#times = times
    this.#values = values
  }
}

function openChunk({ count, bytes, stale }: Chunk, labels: Labels): Run {
  const [times, values] = [new Float64Array(count), new Float64Array(count)]
  const from = new ByteReader(bytes)
  readTimes(from, times)
  readValues(from, values)
  return { labels, times, values, stale }
}

function within(run: Run, fromMs: number, toMs: number): Run {
  const from = firstNotBefore(run.times, fromMs)
  const to = firstNotBefore(run.times, toMs + 1)
  return from < to ? cutRun(run, from, to) : noRun(run.labels)
}

function orNull(run: Run): Run | null {
  return run.times.length === 0 ? null : run
}
