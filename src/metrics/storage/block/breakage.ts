import { BrokenBlock } from './series-file.ts'
import type { Shelved } from './shelf.ts'

/** Files that cannot be read, until somebody sets them aside: each is told of once in an answer, and left out. */
export class Breakage {
  readonly found = new Set<Shelved>()

  /** What the work gives; null when the file turns out to be broken. */
  unless<T>(shelved: Shelved, warnings: string[], work: () => T): T | null {
    try {
      return work()
    } catch (thrown) {
      if (!(thrown instanceof BrokenBlock)) throw thrown
      this.found.add(shelved)
      if (!warnings.includes(thrown.message)) warnings.push(thrown.message)
      return null
    }
  }
}
