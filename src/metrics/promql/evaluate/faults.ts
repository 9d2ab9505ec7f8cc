/** What was wrong at which step. Of several the one at the earliest step is told, as if steps were asked one by one. */
export class Faults {
  #first: Readonly<{ step: number; failure: () => Error }> | null = null

  note(step: number, failure: () => Error): void {
    if (this.#first === null || step < this.#first.step) this.#first = { step, failure }
  }

  throwFirst(): void {
    if (this.#first !== null) throw this.#first.failure()
  }
}
