import { setImmediate as breath } from 'node:timers/promises'

/**
 * Does one thing after the other. Between them others are heard: what has come for the thread, and what has become of its
 * files.
 */
export class Line {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /** How many wait or are being done. */
  get length(): number {
    return this.#waiting
  }

  async add<T>(work: () => T | Promise<T>): Promise<T> {
    this.#waiting += 1
    const before = this.#last
    const mine = (async () => {
      await before
      await breath()
      return work()
    })()
    this.#last = mine.then(
      () => undefined,
      () => undefined,
    )
    try {
      return await mine
    } finally {
      this.#waiting -= 1
    }
  }
}
