import { Table } from '../evaluate/table.ts'
import type { Knowledge } from '../flags.ts'
import type { LastKnown } from './last-known.ts'
import type { Message } from '../wire/messages.ts'

/** What became of a message: `gap` means that something before it is missing. */
export type Applied = 'same' | 'changed' | 'gap'

/** A copy of the flags at the hub: the table they are asked in, and which state of them it is. */
export class Replica {
  readonly table = new Table()
  readonly knowledge: Knowledge = { isKnown: false, isStale: true }
  readonly #changed: (keys: readonly string[]) => void
  #rev: string | null = null

  /** `changed` is told the keys of flags that may answer otherwise from now on. */
  constructor(changed: (keys: readonly string[]) => void) {
    this.#changed = changed
  }

  get rev(): string | null {
    return this.#rev
  }

  /** Begins with what was known when the program ran last. */
  recall({ rev, all }: LastKnown): void {
    this.table.replace(all)
    this.#rev = rev
    this.knowledge.isKnown = true
  }

  /** Brings the copy forward by a message, whole or not at all. */
  take(message: Message): Applied {
    const applied = this.#apply(message)
    if (applied !== 'gap') this.knowledge.isStale = false
    return applied
  }

  /** The hub still has this state. */
  confirm(): void {
    this.knowledge.isStale = false
  }

  /** The hub is not heard any more. */
  lose(): void {
    this.knowledge.isStale = true
  }

  #apply(message: Message): Applied {
    switch (message.type) {
      case 'ping':
        return message.rev === this.#rev ? 'same' : 'gap'
      case 'delta': {
        if (message.prev !== this.#rev) return 'gap'
        this.table.apply(message.edit)
        this.#rev = message.rev
        // A segment may matter to any flag.
        const isNarrow = Object.keys(message.edit.segments).length === 0
        this.#changed(isNarrow ? Object.keys(message.edit.flags) : this.table.keys())
        return 'changed'
      }
      case 'full': {
        if (message.rev === this.#rev) return 'same'
        const before = this.table.keys()
        this.table.replace(message.all)
        this.#rev = message.rev
        this.knowledge.isKnown = true
        this.#changed([...new Set([...before, ...this.table.keys()])])
        return 'changed'
      }
    }
  }
}
