/** One event of a server-sent event stream. */
export type Sent = Readonly<{ event: string; id: string | null; data: string }>

/** The bytes of one event, as text. The payload is one line: JSON without line breaks. */
export function encodeEvent(sent: Sent): string {
  const id = sent.id === null ? '' : `id: ${sent.id}\n`
  return `event: ${sent.event}\n${id}data: ${sent.data}\n\n`
}

/** Cuts a stream's text into events, whatever the chunks. Returns the events that this chunk completed. */
export function makeEventReader(limitChars: number): (chunk: string) => readonly Sent[] {
  let rest = ''
  return (chunk) => {
    const blocks = (rest + chunk).split(/\r?\n\r?\n/)
    rest = blocks.pop() ?? ''
    if (rest.length > limitChars) throw new Error(`an event of the stream is over ${limitChars} characters`)
    return blocks.flatMap((block) => readBlock(block))
  }
}

function readBlock(block: string): readonly Sent[] {
  let event = 'message'
  let id: string | null = null
  const lines: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w+): ?(.*)$/s.exec(line) ?? []
    if (field === 'event') event = value ?? ''
    if (field === 'id') id = value ?? ''
    if (field === 'data') lines.push(value ?? '')
  }
  return lines.length === 0 ? [] : [{ event, id, data: lines.join('\n') }]
}
