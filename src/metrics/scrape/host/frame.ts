/** A part of a frame: what stood in its line, and its lines. */
export type Part = Readonly<{ name: string; words: readonly string[]; lines: readonly string[] }>

/** What is whole by now of what a host says. */
export type Told =
  | Readonly<{ type: 'began' }>
  | Readonly<{ type: 'slots'; slots: readonly Slot[] }>
  /** The host and its fronts. */
  | Readonly<{ type: 'seen'; parts: readonly Part[] }>
  | Readonly<{ type: 'answered'; key: string; tookMs: number; contentType: string; text: string }>
  | Readonly<{ type: 'failed'; key: string; tookMs: number; why: string }>

/** `place` is app and environment, as the folder of an app on a host is called. */
export type Slot = Readonly<{ place: string; slot: string; release: string; isLive: boolean }>

/** Puts the lines of a host together (`sight.pl`); what does not belong to any frame is nothing. */
export class FrameReader {
  #parts: Part[] = []
  #lines: string[] = []
  #begun: Omit<Part, 'lines'> | null = null
  #piece = ''

  /** What the line has made whole. */
  push(line: string): readonly Told[] {
    const rest = line.slice(1)
    switch (line.charAt(0)) {
      case '#':
        return [...this.#close(), ...this.#open(rest)]
      case '+':
        this.#piece += rest
        return []
      case ' ':
        this.#lines.push(this.#piece + rest)
        this.#piece = ''
        return []
      case '.':
        return this.#close()
      default:
        return []
    }
  }

  #open(rest: string): readonly Told[] {
    const [name = '', ...words] = rest.split(' ')
    this.#begun = null
    if (name === 'frame') {
      this.#parts = []
      return [{ type: 'began' }]
    }
    if (name === 'seen') {
      const parts = this.#parts
      this.#parts = []
      return [{ type: 'seen', parts }]
    }
    this.#begun = { name, words }
    return []
  }

  #close(): readonly Told[] {
    const [begun, lines] = [this.#begun, this.#lines]
    this.#begun = null
    this.#lines = []
    this.#piece = ''
    if (begun === null) return []
    const [key = '', took = '0', ...type] = begun.words
    const tookMs = 1000 * Number(took)
    switch (begun.name) {
      case 'slots':
        return [{ type: 'slots', slots: lines.map(slotIn) }]
      case 'got':
        return [{ type: 'answered', key, tookMs, contentType: type.join(' '), text: lines.join('\n') }]
      case 'failed':
        return [{ type: 'failed', key, tookMs, why: lines.join(' ') }]
      default:
        this.#parts.push({ ...begun, lines })
        return []
    }
  }
}

function slotIn(line: string): Slot {
  const [place = '', slot = '', release = '', which = ''] = line.split(' ')
  return { place, slot, release, isLive: which === 'live' }
}
