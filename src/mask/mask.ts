import { isWrapped, runBefore } from './wrapping.ts'
import { type Finder, openFinder } from './finder.ts'
import { graphOf } from './graph.ts'
import { type Sieve, sieveOf, WINDOW } from './sieve.ts'
import { spellingsOf, verbatim } from './spelling.ts'
import { valuesOf } from './values.ts'

/** Masks secrets in bytes that arrive in pieces. */
export type Mask = Readonly<{
  /**
   * Takes a piece, gives what is certain by now; what may be the beginning of a secret is held back, and nothing else.
   * What is given may share the memory of the piece: only a few bytes where two pieces meet are copied.
   */
  write: (piece: Uint8Array) => readonly Uint8Array[]
  /**
   * Gives what was held back of whole lines: whoever waits for a line must not wait for the next one. A secret that goes
   * on there is not known again, so this is for when nothing came for a while: who wraps a text prints it in one go.
   */
  release: () => readonly Uint8Array[]
  /** Gives what was held back. The mask can be used again. */
  end: () => readonly Uint8Array[]
}>

/** What stands in the place of a secret. */
export const MASKED = '[secret]'

/**
 * A mask for these values: written out or escaped (JSON, JavaScript, Python, C, HTML, URL, shell), in base64 at any
 * offset and wrapped, in hex, as a whole and line by line. Values under four characters are not masked.
 */
export function makeMask(secrets: readonly string[]): Mask {
  const values = valuesOf(secrets)
  if (values.length === 0) return { write: (piece) => [piece], release: () => [], end: () => [] }
  // What is masked already stays as it is, though a secret may be the word `secret`.
  const masked = values.some((value) => MASKED.includes(value)) ? [verbatim(MASKED)] : []
  const texts = [...values.flatMap(spellingsOf), ...masked]
  // The sieve has the graph grow far, once. The finder begins one of its own, of which little is ever walked: what lies
  // around is looked at by each collection of garbage, and that costs more than to look for secrets.
  const search: Search = { finder: openFinder(graphOf(texts)), sieve: sieveOf(graphOf(texts)) }
  let held: Uint8Array = nothing
  // Leading bytes of what is held that stand within a secret already masked.
  let covered = 0
  // Length of the run of characters of base64 that ends where what is held begins.
  let run = 0

  function take(bytes: Uint8Array, isLast: boolean): readonly Uint8Array[] {
    const { found, open } = spansIn(bytes, search, run)
    const until = isLast ? bytes.length : open
    const [text, at] = replace(bytes.subarray(0, until), found, covered)
    run = isLast ? 0 : runBefore(bytes, until, run)
    held = until === bytes.length ? nothing : Uint8Array.from(bytes.subarray(until))
    covered = isLast ? 0 : Math.max(0, at - until)
    return text
  }

  /** What is held back goes on for a few bytes of the piece, mostly, and all behind them need not be copied. */
  function goOn(piece: Uint8Array): readonly Uint8Array[] {
    const begin = piece.subarray(0, BORDER)
    const first = take(Buffer.concat([held, begin]), false)
    const isPast = held.length <= begin.length
    const rest = isPast
      ? piece.subarray(begin.length - held.length)
      : Buffer.concat([held, piece.subarray(begin.length)])
    return rest.length === held.length ? first : [...first, ...take(rest, false)]
  }

  function release(): readonly Uint8Array[] {
    const end = held.lastIndexOf(newline) + 1
    if (end === 0) return []
    const [rest, stillCovered] = [held.subarray(end), Math.max(0, covered - end)]
    const text = take(held.subarray(0, end), true)
    held = rest
    covered = stillCovered
    return text
  }

  return {
    release,
    write: (piece) => (held.length === 0 ? take(piece, false) : goOn(piece)),
    end: () => take(held, true),
  }
}

/** So many bytes of a piece are copied behind what was held back. */
const BORDER = 128
const nothing = new Uint8Array(0)
const newline = 10
const token = Buffer.from(MASKED)

type Span = Readonly<{ from: number; to: number }>
type Found = Readonly<{ found: readonly Span[]; open: number }>
type Search = Readonly<{ finder: Finder; sieve: Sieve }>

/** All that is found, and where the earliest begins that may still go on. */
function spansIn(bytes: Uint8Array, { finder, sieve }: Search, run: number): Found {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const found: Span[] = []
  // What begins before this is found already.
  let clean = 0
  for (;;) {
    const at = sieve.next(view, clean)
    const isLast = at > bytes.length - WINDOW
    let state = finder.start
    let position = Math.max(clean, at - sieve.stride + 1)
    while (position < bytes.length) {
      state = finder.step(state, bytes[position] ?? 0)
      position += 1
      if (state.ended > 0) found.push({ from: position - state.ended, to: position })
      for (const length of state.wrapped) {
        const span = { from: position - length, to: position }
        if (isWrapped(bytes, span, run)) found.push(span)
      }
      if (!isLast && position - state.open > at) break
    }
    clean = position - state.open
    if (position === bytes.length) break
  }
  return { found: found.toSorted((a, b) => a.from - b.from), open: clean }
}

/** The text with spans that begin in it replaced, those that overlap as one, and where the last of them ends. */
function replace(text: Uint8Array, spans: readonly Span[], covered: number): [readonly Uint8Array[], number] {
  const pieces: Uint8Array[] = []
  let at = covered
  for (const { from, to } of spans) {
    if (from >= text.length) break
    if (from >= at) pieces.push(text.subarray(at, from), token)
    at = Math.max(at, to)
  }
  if (at < text.length) pieces.push(text.subarray(at))
  return [pieces, at]
}
