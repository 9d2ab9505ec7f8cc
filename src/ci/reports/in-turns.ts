import { setImmediate as turn } from 'node:timers/promises'

const CHARACTERS_PER_TURN = 256 * 1024

/** A long text in pieces: others have their turn between two of them. */
export async function* piecesOf(text: string): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += CHARACTERS_PER_TURN) {
    yield text.slice(from, from + CHARACTERS_PER_TURN)
    await turn()
  }
}

/** Its lines, in the same way; a longer one is cut. */
export async function eachLine(text: string, take: (line: string) => void): Promise<void> {
  let held = ''
  for await (const piece of piecesOf(text)) {
    const lines = (held + piece).split('\n')
    held = (lines.pop() ?? '').slice(0, LONGEST_LINE)
    for (const line of lines) take(line.slice(0, LONGEST_LINE).replace(/\r$/, ''))
  }
  if (held !== '') take(held)
}

const LONGEST_LINE = 16 * 1024
