import { randomBytes } from 'node:crypto'
import { begin, finish } from '../../../sdk/hash/murmur3.ts'
import type { Context } from '../../../sdk/flag/flag.ts'

const sampleLimit = 1000
/** People count as seen lately for at least this long, and at most twice as long. */
const spanMs = 12 * 3_600_000
const contextLimitChars = 4096

/** A sample of distinct people: those whose hash is lowest. Each has the same chance, however often they come. */
class Sample {
  readonly startedAt: number
  readonly people = new Map<number, Context>()
  /** The highest hash in it; only lower ones get in once it is full. */
  #highest = 0

  constructor(startedAt: number) {
    this.startedAt = startedAt
  }

  add(lot: number, context: () => Context | null): void {
    const isFull = this.people.size >= sampleLimit
    if (isFull && lot > this.#highest) return
    const kept = context()
    if (kept === null) return
    // Who comes again is known as they are now.
    const isNew = !this.people.has(lot)
    this.people.set(lot, kept)
    if (isFull && isNew) {
      this.people.delete(this.#highest)
      this.#highest = Math.max(...this.people.keys())
    } else this.#highest = Math.max(this.#highest, lot)
  }
}

/**
 * The people that were asked for lately, as far as the hub hears of them. They are kept in memory only, no more than a
 * thousand of them and no longer than a day, and nothing but numbers of them is ever told.
 */
export class People {
  // Another one each time the hub begins: nobody can choose a key that is always in the sample.
  readonly #begun = begin(randomBytes(16).toString('hex'), 0)
  #now: Sample
  #before: Sample | null = null

  constructor(at: number) {
    this.#now = new Sample(at)
  }

  add(context: Context, at: number): void {
    const key = context.targetingKey
    if (typeof key !== 'string' || key === '') return
    if (at - this.#now.startedAt >= spanMs) {
      this.#before = at - this.#now.startedAt < 2 * spanMs ? this.#now : null
      this.#now = new Sample(at)
    }
    this.#now.add(finish(this.#begun, key) >>> 0, () => copyOf(context))
  }

  /** The sample, and how many there were, about. */
  lately(at: number): Readonly<{ sample: readonly Context[]; seen: number }> {
    const all = new Map<number, Context>()
    for (const each of [this.#before, this.#now])
      if (each !== null && at - each.startedAt < 2 * spanMs)
        for (const [lot, context] of each.people) all.set(lot, context)
    const lots = [...all.keys()].toSorted((a, b) => a - b).slice(0, sampleLimit)
    const sample = lots.map((lot) => all.get(lot) ?? {})
    const last = lots.at(-1) ?? 0
    const seen = lots.length < sampleLimit ? lots.length : Math.round(((sampleLimit - 1) / last) * 2 ** 32)
    return { sample, seen }
  }
}

/** A copy, as whoever gave it may alter theirs; null for one that is too large to keep. */
function copyOf(context: Context): Context | null {
  const text = JSON.stringify(context)
  return text.length > contextLimitChars ? null : (JSON.parse(text) as Context)
}
