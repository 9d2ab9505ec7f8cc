import type { Count } from '../evaluate/table.ts'
import type { CountLine, CountsBatch } from './messages.ts'

/** What became of a batch that was sent. `refused` ones will never be taken. */
export type Delivery = 'taken' | 'refused' | Readonly<{ retryAfterMs: number }>

const linesPerBatch = 5000
const linesLimit = 50_000

/**
 * How often flags came to what, on its way to the hub. Counts of the same thing are added up, so that an outage of a day
 * takes no more room than one of a minute. A batch is the same until it is taken, so that the hub can tell it from a new
 * one when the answer to the first was lost.
 */
export class Counts {
  readonly #client: string
  readonly #take: () => readonly Count[]
  readonly #lost: (count: number, why: string) => void
  #pending = new Map<string, CountLine>()
  #batch: CountsBatch | null = null
  #number = 0
  #sinceMs = Date.now()

  /** `lost` is told of answers that will not be counted anywhere, and why. */
  constructor(client: string, take: () => readonly Count[], lost: (count: number, why: string) => void) {
    this.#client = client
    this.#take = take
    this.#lost = lost
  }

  /** Sends what there is, batch by batch. Returns how long to wait before the next, or null for as usual. */
  async send(post: (batch: CountsBatch) => Promise<Delivery>): Promise<number | null> {
    this.#gather()
    for (let batch = this.#next(); batch !== null; batch = this.#next()) {
      const delivery = await post(batch)
      if (typeof delivery !== 'string') return delivery.retryAfterMs
      if (delivery === 'refused') this.#lost(sum(batch.counts), 'the hub refused them')
      this.#batch = null
    }
    return null
  }

  /** Tells what is still here as lost: there will be no more sending. */
  abandon(why: string): void {
    this.#gather()
    const left = sum(this.#batch?.counts ?? []) + sum([...this.#pending.values()])
    this.#batch = null
    this.#pending = new Map()
    if (left > 0) this.#lost(left, why)
  }

  #gather(): void {
    let overflow = 0
    for (const { flag, resolution, count } of this.#take()) {
      const { variant, rule, reason, errorCode } = resolution
      const name = JSON.stringify([flag, variant, rule, reason, errorCode])
      const known = this.#pending.get(name)
      if (known !== undefined) this.#pending.set(name, { ...known, count: known.count + count })
      else if (this.#pending.size >= linesLimit) overflow += count
      else
        this.#pending.set(name, {
          flag,
          ...(variant !== undefined && { variant }),
          ...(rule !== undefined && { rule }),
          reason,
          ...(errorCode !== undefined && { errorCode }),
          count,
        })
    }
    if (overflow > 0) this.#lost(overflow, `more than ${linesLimit} different ones wait for the hub`)
  }

  /** The batch that is under way, or a new one. */
  #next(): CountsBatch | null {
    if (this.#batch !== null || this.#pending.size === 0) return this.#batch
    const counts = [...this.#pending].slice(0, linesPerBatch)
    for (const [name] of counts) this.#pending.delete(name)
    const toMs = Date.now()
    this.#number += 1
    this.#batch = {
      client: this.#client,
      batch: this.#number,
      // A clock that was set back must not make a span that ends before it begins.
      fromMs: Math.min(this.#sinceMs, toMs),
      toMs,
      counts: counts.map(([, line]) => line),
    }
    this.#sinceMs = toMs
    return this.#batch
  }
}

function sum(lines: readonly CountLine[]): number {
  return lines.reduce((total, { count }) => total + count, 0)
}
