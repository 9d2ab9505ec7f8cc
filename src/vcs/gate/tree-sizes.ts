import type { TreeEntry } from './tree-entries.ts'

/** How deep and how large what a push brings would be when it is checked out. */
export type TreeSize = Readonly<{ pathBytes: number; files: number }>

/** Sizes of trees, from those that came with them. Trees that were there before count as one file. */
export function treeSizes(trees: ReadonlyMap<string, readonly TreeEntry[]>): ReadonlyMap<string, TreeSize> {
  const sizes = new Map<string, TreeSize>()
  const waiting = [...trees.keys()]
  // A stack of our own: a tree may be as deep as whoever pushed it pleased.
  const begun = new Set<string>()
  for (let hash = waiting.at(-1); hash !== undefined; hash = waiting.at(-1)) {
    const entries = trees.get(hash) ?? []
    const below = begun.has(hash)
      ? []
      : entries.filter((one) => one.isTree && trees.has(one.hash) && !sizes.has(one.hash))
    begun.add(hash)
    if (below.length > 0) waiting.push(...new Set(below.map((one) => one.hash)))
    else {
      if (!sizes.has(hash)) sizes.set(hash, sizeOf(entries, sizes))
      waiting.pop()
    }
  }
  return sizes
}

function sizeOf(entries: readonly TreeEntry[], sizes: ReadonlyMap<string, TreeSize>): TreeSize {
  let [pathBytes, files] = [0, 0]
  for (const { name, hash, isTree } of entries) {
    const below = isTree ? sizes.get(hash) : undefined
    pathBytes = Math.max(pathBytes, name.length + (below === undefined ? 0 : below.pathBytes + 1))
    files += below?.files ?? 1
  }
  return { pathBytes, files }
}
