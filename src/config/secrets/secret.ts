import { inspect } from 'node:util'

const shown = '[secret]'

/** A value that shows itself to nobody who does not ask for it by `reveal`: not in texts, JSON, logs or errors. */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /** The value itself. Whoever calls this answers for where it goes. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}
