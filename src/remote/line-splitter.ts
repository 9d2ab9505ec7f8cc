import { makeMask } from '../mask/mask.ts'

/** Turns the bytes of a journal into lines to show: valid UTF-8, masked, of bounded length. */
export type LineSplitter = Readonly<{
  push: (bytes: Uint8Array) => void
  /** The output is over: what is left is a line too. */
  end: () => void
}>

const LONGEST_LINE = 4096
/** When nothing has come for so long, a line is not the beginning of a secret that goes on in the next one. */
const QUIET_MS = 200

/**
 * Lines longer than 4,096 characters are cut into several. An empty last line is dropped, because the end mark of a
 * journal brings a newline of its own.
 */
export function openLineSplitter(secrets: readonly string[], emit: (line: string) => void): LineSplitter {
  const decoder = new TextDecoder()
  const mask = makeMask(secrets)
  let partial = ''
  let emptyHeld = false

  function line(text: string): void {
    if (emptyHeld) emit('')
    emptyHeld = text === ''
    if (!emptyHeld) emit(text)
  }

  function split(text: string): void {
    const pieces = (partial + text).split('\n')
    partial = pieces.pop() ?? ''
    for (const piece of pieces) cut(piece).forEach(line)
    const cuts = cut(partial)
    partial = cuts.pop() ?? ''
    cuts.forEach(line)
  }

  function show(pieces: readonly Uint8Array[]): void {
    split(pieces.map((piece) => decoder.decode(piece, { stream: true })).join(''))
  }

  let quiet: NodeJS.Timeout | null = null
  const whenQuiet = (): NodeJS.Timeout => setTimeout(() => show(mask.release()), QUIET_MS).unref()

  return {
    push: (bytes) => {
      show(mask.write(bytes))
      if (secrets.length > 0) quiet = quiet?.refresh() ?? whenQuiet()
    },
    end: () => {
      if (quiet !== null) clearTimeout(quiet)
      show(mask.end())
      split(decoder.decode())
      if (partial !== '') line(partial)
      partial = ''
    },
  }
}

/** Pieces of at most the longest line; a surrogate pair is not torn. An empty text is one empty piece. */
function cut(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  while (text.length - from > LONGEST_LINE) {
    let until = from + LONGEST_LINE
    if (/[\uD800-\uDBFF]/.test(text.charAt(until - 1))) until -= 1
    pieces.push(text.slice(from, until))
    from = until
  }
  pieces.push(text.slice(from))
  return pieces
}
