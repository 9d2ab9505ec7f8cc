/** What was wrong with a line. Few words, because each is a series. */
export type Fault =
  | 'shape'
  | 'number'
  | 'type'
  | 'rate'
  | 'time'
  | 'negative count'
  | 'another type'
  | 'too long'
  | 'too many series'
  | 'too many samples'
  | 'too many events'

const shownBytes = 120

/** How many lines were wrong in which way, and what the newest of each looks like. */
export class Faults {
  readonly #counts = new Map<Fault, number>()
  readonly #newest = new Map<Fault, string>()

  add(fault: Fault, bytes: Uint8Array, from: number, to: number): void {
    this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1)
    // What is wrong may be a flood: one line of each kind is made a text, until somebody has taken it.
    if (!this.#newest.has(fault)) this.#newest.set(fault, shown(bytes, from, to))
  }

  counts(): ReadonlyMap<Fault, number> {
    return this.#counts
  }

  /** One line of each kind that came since this was asked. */
  takeExamples(): readonly Readonly<{ fault: Fault; line: string }>[] {
    const examples = [...this.#newest].map(([fault, line]) => ({ fault, line }))
    this.#newest.clear()
    return examples
  }
}

/** Whoever sends it, it goes to a terminal: nothing in it may be more than text. */
function shown(bytes: Uint8Array, from: number, to: number): string {
  const piece = Buffer.from(bytes.subarray(from, Math.min(to, from + shownBytes))).toString('latin1')
  const text = piece.replaceAll(/[^ -~]/g, '?')
  return to - from > shownBytes ? `${text}…` : text
}
