/** Lines between a host that prints and a reader who may be slow, or never come. */
export type LineBuffer = Readonly<{
  push: (line: string) => void
  end: () => void
  /** For one reader. */
  lines: AsyncIterable<string>
}>

const MOST_LINES = 10_000
const MOST_CHARACTERS = 8_000_000

/**
 * Keeps at most 10,000 lines for the reader. When it is full the oldest go, because the last lines say why something
 * failed; the reader then gets one line that says how many are missing.
 */
export function openLineBuffer(most = MOST_LINES): LineBuffer {
  let waiting: string[] = []
  let first = 0
  let characters = 0
  let leftOut = 0
  let ended = false
  let abandoned = false
  let wake: (() => void) | null = null

  function take(): string {
    const line = waiting[first] ?? ''
    first += 1
    characters -= line.length
    if (first > most) {
      waiting = waiting.slice(first)
      first = 0
    }
    return line
  }

  function notify(): void {
    wake?.()
    wake = null
  }

  async function next(): Promise<IteratorResult<string>> {
    while (waiting.length === first && !ended) await new Promise<void>((resolve) => (wake = resolve))
    if (leftOut > 0) {
      const value = `… ${leftOut} lines left out`
      leftOut = 0
      return { done: false, value }
    }
    return waiting.length === first ? { done: true, value: undefined } : { done: false, value: take() }
  }

  return {
    push: (line) => {
      if (ended || abandoned) return
      waiting.push(line)
      characters += line.length
      while (waiting.length - first > most || characters > MOST_CHARACTERS) {
        take()
        leftOut += 1
      }
      notify()
    },
    end: () => {
      ended = true
      notify()
    },
    lines: {
      [Symbol.asyncIterator]: () => ({
        next,
        return: async () => {
          abandoned = true
          waiting = []
          first = 0
          return { done: true, value: undefined }
        },
      }),
    },
  }
}
