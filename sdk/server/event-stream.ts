/** One event of a `text/event-stream`. */
export type StreamEvent = Readonly<{ event: string; data: string }>

const eventLimit = 64 * 1024 * 1024

/**
 * Reads events out of text that comes in pieces cut anywhere, as the HTML standard says. An event counts when the empty
 * line after it has come: one that was cut is none. Throws when an event is longer than 64 Mi units.
 */
export class EventReader {
  #rest = ''
  #event = ''
  #data: string[] = []
  #size = 0
  #endedInReturn = false

  push(piece: string): readonly StreamEvent[] {
    const events: StreamEvent[] = []
    // A line feed after a carriage return belongs to it, even when it comes in the next piece.
    const text = this.#endedInReturn && piece.startsWith('\n') ? piece.slice(1) : piece
    if (piece !== '') this.#endedInReturn = piece.endsWith('\r')
    // Only what is new is searched: one event may come in many pieces.
    const lines = text.split(/\r\n|\n|\r/)
    lines[0] = this.#rest + (lines[0] ?? '')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = this.#line(line)
      if (event !== null) events.push(event)
    }
    if (this.#size + this.#rest.length > eventLimit)
      throw new Error(`an event of the stream is longer than ${eventLimit} characters`)
    return events
  }

  #line(line: string): StreamEvent | null {
    if (line === '') return this.#end()
    const colon = line.indexOf(':')
    if (colon === 0) return null
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') this.#event = value
    if (field === 'data') {
      this.#data.push(value)
      this.#size += value.length
    }
    return null
  }

  #end(): StreamEvent | null {
    const event = { event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') }
    const isEmpty = this.#data.length === 0
    this.#event = ''
    this.#data = []
    this.#size = 0
    return isEmpty ? null : event
  }
}
