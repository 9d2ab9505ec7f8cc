import type { Spelled } from './spelling.ts'

/** A point between two bytes of spelled texts: where each next byte leads, and whether a text may end here. */
export type Node = Readonly<{
  id: number
  next: ReadonlyMap<number, readonly Node[]>
  /** `wrapped`: what ends here may have been broken into lines. */
  end: 'whole' | 'wrapped' | null
}>

/** The graph of all these texts, byte by byte, from its one beginning. It is made as far as it is walked. */
export function graphOf(texts: readonly Spelled[]): Node {
  const count = { nodes: 0 }
  const id = (): number => count.nodes++
  return lazy({ id: id(), end: null }, () => {
    const next = new Map<number, Growing[]>()
    for (const text of texts) for (const way of waysFrom(text, 0)) link(next, way, id)
    return next
  })

  function waysFrom(text: Spelled, place: number): readonly Way[] {
    const to = placeIn(text, place + 1)
    return text.at(place).map((spelling) => ({ bytes: Buffer.from(spelling), to }))
  }

  function placeIn(text: Spelled, place: number): Node {
    const isLast = place === text.length
    const end = text.wraps ? 'wrapped' : 'whole'
    return lazy({ id: id(), end: isLast ? end : null }, () => {
      const next = new Map<number, Growing[]>()
      if (!isLast) for (const way of waysFrom(text, place)) link(next, way, id)
      return next
    })
  }
}

type Way = Readonly<{ bytes: Uint8Array; to: Node }>
/** A node within a spelling grows until its place is complete; all others are whole when they are seen. */
type Within = Readonly<{ id: number; end: null; next: Map<number, Growing[]>; isWithin: true }>
type Growing = Node | Within

function lazy(node: Pick<Node, 'id' | 'end'>, grow: () => Node['next']): Node {
  let grown: Node['next'] | null = null
  return {
    ...node,
    get next() {
      return (grown ??= grow())
    },
  }
}

/** Adds a way of these bytes. Ways from one node share what lies within their first equal bytes. */
function link(from: Map<number, Growing[]>, { bytes, to }: Way, id: () => number): void {
  let next = from
  for (const [index, byte] of bytes.entries()) {
    const ways = next.get(byte) ?? []
    next.set(byte, ways)
    if (index === bytes.length - 1) {
      if (!ways.includes(to)) ways.push(to)
      return
    }
    const known = ways.find((way): way is Within => 'isWithin' in way)
    const within: Within = known ?? { id: id(), end: null, next: new Map(), isWithin: true }
    if (known === undefined) ways.push(within)
    next = within.next
  }
}
