const saidAgainMs = 60_000
const remembered = 100

/** Says each trouble at most once a minute. */
export class Troubles {
  readonly #say: (trouble: string) => void
  readonly #said = new Map<string, number>()
  #last: string | null = null

  constructor(say: (trouble: string) => void) {
    this.#say = say
  }

  get last(): string | null {
    return this.#last
  }

  say(trouble: string): void {
    this.#last = trouble
    const now = performance.now()
    const before = this.#said.get(trouble)
    if (before !== undefined && now - before < saidAgainMs) return
    if (this.#said.size >= remembered) this.#said.clear()
    this.#said.set(trouble, now)
    this.#say(trouble)
  }
}
