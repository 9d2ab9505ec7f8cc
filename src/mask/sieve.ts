import type { Node } from './graph.ts'

/**
 * Most of a log is nothing that is looked for, and is passed over: of four bytes in every few, one look into a table
 * tells that no text of the graph can hold them.
 */
export type Sieve = Readonly<{
  /** Distance of the places that are looked at. */
  stride: number
  /** The first place from `from` on that may lie in a text, or the first behind the last four bytes. */
  next: (bytes: DataView, from: number) => number
}>

/** The bytes of one look. */
export const WINDOW = 4

/** A longer stride saves little more, and each of its places fills the table. */
const LONGEST_STRIDE = 12

/** A sieve for texts of at least four bytes: wherever one stands, one place of it is looked at. */
export function sieveOf(root: Node): Sieve {
  const layers = layersOf(root)
  const stride = Math.min(layers.length - WINDOW, LONGEST_STRIDE)
  const words = wordsFrom(new Set(layers.slice(0, stride).flatMap((layer) => [...layer])))
  const table = tableOf(words)
  return { stride, next: (bytes, from) => passOver(bytes, { from, stride, table }) }
}

/**
 * A set of bits, two for each word by two hashes: the second is looked at only where the first is there, and then hardly
 * anything is taken for a word that is none. `shift` is what makes a hash of a product.
 */
type Table = Readonly<{ bits: Uint32Array; shift: number }>

/** Bits for each word: more are no longer near the processor, and fewer let too much through. */
const SPARSE = 64
const MOST_BITS = 2 ** 23

function tableOf(words: ReadonlySet<number>): Table {
  const size = Math.min(MOST_BITS, 2 ** Math.ceil(Math.log2(words.size * SPARSE)))
  const table = { bits: new Uint32Array(size / 32), shift: 32 - Math.log2(size) }
  for (const word of words) {
    for (const multiplier of [FIRST, SECOND]) {
      const hash = Math.imul(word, multiplier) >>> table.shift
      table.bits[hash >>> 5] = (table.bits[hash >>> 5] ?? 0) | (1 << (hash & 31))
    }
  }
  return table
}

/** They spread words over hashes: 2 to the 32 by the golden ratio, and a prime of xxHash. */
const FIRST = 0x9e_37_79_b1
const SECOND = 0x85_eb_ca_77

type Pass = Readonly<{ from: number; stride: number; table: Table }>

function passOver(bytes: DataView, { from, stride, table }: Pass): number {
  const { bits, shift } = table
  const last = bytes.byteLength - WINDOW
  for (let at = from; ; at += stride) {
    if (at > last) return at
    const word = bytes.getUint32(at, true)
    const hash = Math.imul(word, FIRST) >>> shift
    if (((bits[hash >>> 5] ?? 0) & (1 << (hash & 31))) === 0) continue
    const other = Math.imul(word, SECOND) >>> shift
    if (((bits[other >>> 5] ?? 0) & (1 << (other & 31))) !== 0) return at
  }
}

/** The nodes so many bytes from the beginning, up to where the shortest text ends. */
function layersOf(root: Node): readonly ReadonlySet<Node>[] {
  const layers = [new Set([root])]
  for (;;) {
    const layer = new Set<Node>()
    for (const node of layers.at(-1) ?? [])
      for (const ways of node.next.values()) for (const way of ways) layer.add(way)
    layers.push(layer)
    if ([...layer].some((node) => node.end !== null) || layers.length > LONGEST_STRIDE + WINDOW) return layers
  }
}

/** Every four bytes that may follow one of the nodes, as a number whose lowest byte comes first. */
function wordsFrom(nodes: ReadonlySet<Node>): ReadonlySet<number> {
  const words = new Set<number>()
  const walk = (node: Node, word: number, length: number): void => {
    if (length === WINDOW) words.add(word)
    else
      for (const [byte, ways] of node.next)
        for (const way of ways) walk(way, word | (byte << (8 * length)), length + 1)
  }
  for (const node of nodes) walk(node, 0, 0)
  return words
}
