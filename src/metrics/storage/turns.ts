/** Long work on the same files, one after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  add<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    return mine
  }

  /** Resolves when all work is over that was begun by now, whatever became of it. */
  async over(): Promise<void> {
    await this.#last
  }
}
