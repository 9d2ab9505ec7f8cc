import { QueryFailure } from '../failure.ts'

export type Limits = Readonly<{
  /** How many samples a query may hold at once. */
  maxSamples: number
  timeoutMs: number
  /** Asked again and again while the query runs; it must be quick. */
  isAborted: () => boolean
}>

const inExecution = 'in query execution'

/** What a query may still use. Whoever makes samples asks first, which is where a query that takes too long ends. */
export class Budget {
  readonly #limits: Limits
  readonly #endsAt: number
  #held = 0

  constructor(limits: Limits) {
    this.#limits = limits
    this.#endsAt = performance.now() + limits.timeoutMs
  }

  /** For samples that are kept until the query ends. */
  take(samples: number): void {
    this.#held += samples
    this.borrow(0)
  }

  /** For samples that are looked at and dropped. */
  borrow(samples: number): void {
    if (this.#held + samples > this.#limits.maxSamples)
      throw new QueryFailure(
        'execution',
        `query processing would load too many samples into memory ${inExecution}`,
      )
    if (this.#limits.isAborted()) throw new QueryFailure('canceled', `query was canceled ${inExecution}`)
    if (performance.now() > this.#endsAt) throw new QueryFailure('timeout', `query timed out ${inExecution}`)
  }
}
