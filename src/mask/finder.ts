import type { Node } from './graph.ts'

/**
 * What has been read so far, as far as it matters: which texts it may be in the middle of. States are made when they are
 * first met, so that only as much is built as the log asks for.
 */
export type State = Readonly<{
  /** Length of the longest text that ends here; 0 if none does. */
  ended: number
  /** Lengths of texts that end here if it is true that they were broken into lines. */
  wrapped: readonly number[]
  /** How far back the earliest text begins that may still go on; 0 if none may. */
  open: number
  reached: readonly Reached[]
  next: (State | undefined)[]
}>

type Reached = Readonly<{ node: Node; length: number }>

export type Finder = Readonly<{ start: State; step: (state: State, byte: number) => State }>

/** States that are kept; at more, all are forgotten and made again. One takes two kilobytes. */
const MOST_STATES = 4_096

/** Finds every text of a graph in bytes, wherever it begins. */
export function openFinder(root: Node): Finder {
  const known = new Map<string, State>()
  const start = stateOf([])

  function make(state: State, byte: number): State {
    // Mostly nothing goes on, and all that matters is what begins with this byte.
    if (state !== start && !state.reached.some(({ node }) => node.next.has(byte)))
      return (start.next[byte] ??= make(start, byte))
    const reached = merge([{ node: root, length: 0 }, ...state.reached], byte)
    const key = reached.map(({ node, length }) => `${node.id}:${length}`).join()
    const same = key === '' ? start : known.get(key)
    if (same !== undefined) return same
    if (known.size >= MOST_STATES) forget(known, start)
    const made = stateOf(reached)
    known.set(key, made)
    return made
  }

  return {
    start,
    step: (state, byte) => (state.next[byte] ??= make(state, byte)),
  }
}

function forget(known: Map<string, State>, start: State): void {
  for (const state of [start, ...known.values()]) state.next.fill(undefined)
  known.clear()
}

/** Where a byte leads. Of two ways to one node the longer is kept: it covers the shorter. */
function merge(from: readonly Reached[], byte: number): readonly Reached[] {
  const longest = new Map<Node, number>()
  for (const { node, length } of from)
    for (const next of node.next.get(byte) ?? [])
      longest.set(next, Math.max(longest.get(next) ?? 0, length + 1))
  return [...longest].map(([node, length]) => ({ node, length })).toSorted((a, b) => a.node.id - b.node.id)
}

function stateOf(reached: readonly Reached[]): State {
  const lengths = (some: readonly Reached[]): number => Math.max(0, ...some.map(({ length }) => length))
  return {
    ended: lengths(reached.filter(({ node }) => node.end === 'whole')),
    wrapped: reached.filter(({ node }) => node.end === 'wrapped').map(({ length }) => length),
    open: lengths(reached.filter(({ node }) => node.next.size > 0)),
    reached: reached.filter(({ node }) => node.next.size > 0),
    next: Array.from({ length: 256 }),
  }
}
