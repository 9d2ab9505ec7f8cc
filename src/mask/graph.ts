import type { Spelled } from './spelling.ts'

/** A point between two bytes of spelled texts: where each next byte leads, and whether a text may end here. */
export type Node = Readonly<{ id: number; next: ReadonlyMap<number, readonly Node[]>; isEnd: boolean }>

type Growing = { id: number; next: Map<number, Growing[]>; isEnd: boolean; isWithin: boolean }

/** The graph of all these texts, byte by byte, from its one beginning. */
export function graphOf(texts: readonly Spelled[]): Node {
  let count = 0
  const grow = (isWithin: boolean): Growing => ({ id: count++, next: new Map(), isEnd: false, isWithin })
  const root = grow(false)
  for (const text of texts) {
    let from = root
    for (const spellings of text) {
      const to = grow(false)
      for (const spelling of spellings) link(from, to, Buffer.from(spelling), () => grow(true))
      from = to
    }
    from.isEnd = true
  }
  return root
}

/** A way of these bytes between two nodes. Ways from one node share what lies within their first equal bytes. */
function link(from: Growing, to: Growing, bytes: Uint8Array, grow: () => Growing): void {
  let at = from
  for (const [index, byte] of bytes.entries()) {
    const ways = at.next.get(byte) ?? []
    at.next.set(byte, ways)
    const isLast = index === bytes.length - 1
    const next = isLast ? to : (ways.find((way) => way.isWithin) ?? grow())
    if (!ways.includes(next)) ways.push(next)
    at = next
  }
}
