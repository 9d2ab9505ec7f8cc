/** One thing in a release. Paths are relative, with `/`, sorted by their bytes. */
export type Item = Readonly<
  | { type: 'file'; path: string; mode: number; size: number; sha256: string }
  | { type: 'link'; path: string; to: string }
  | { type: 'folder'; path: string }
>

export type Manifest = readonly Item[]

/** What must travel to make one release out of another that is there: new or changed items, and paths that go before. */
export type Delta = Readonly<{ wanted: ReadonlySet<string>; gone: readonly string[] }>

export function deltaOf(have: Manifest, want: Manifest): Delta {
  const before = new Map(have.map((item) => [item.path, describe(item)]))
  const after = new Map(want.map((item) => [item.path, describe(item)]))
  const wanted = new Set(
    want.filter((item) => before.get(item.path) !== describe(item)).map((item) => item.path),
  )
  // What comes anew under its old name needs no removing: tar puts a new file there, it never writes into a linked one.
  const isGone = (item: Item): boolean =>
    item.type !== 'folder' && (after.get(item.path) ?? 'folder') === 'folder'
  const gone = have.filter(isGone).map((item) => item.path)
  return { wanted, gone: [...gone, ...emptied(have, want)] }
}

/** Folders in which nothing is left. */
function emptied(have: Manifest, want: Manifest): readonly string[] {
  const after = foldersOf(want)
  return [...foldersOf(have)].filter((folder) => !after.has(folder))
}

function foldersOf(manifest: Manifest): ReadonlySet<string> {
  const folders = new Set<string>()
  for (const item of manifest) {
    if (item.type === 'folder') folders.add(item.path)
    for (let at = item.path.lastIndexOf('/'); at > 0; at = item.path.lastIndexOf('/', at - 1)) {
      folders.add(item.path.slice(0, at))
    }
  }
  return folders
}

/** The one of these releases from which the fewest bytes would have to travel; `null` when there is none. */
export function nearestRelease(bases: ReadonlyMap<string, Manifest>, want: Manifest): string | null {
  let best: Readonly<{ id: string; bytes: number }> | null = null
  for (const [id, have] of bases) {
    const { wanted } = deltaOf(have, want)
    const bytes = want.reduce(
      (sum, item) => (item.type === 'file' && wanted.has(item.path) ? sum + item.size : sum),
      0,
    )
    if (best === null || bytes < best.bytes) best = { id, bytes }
  }
  return best?.id ?? null
}

function describe(item: Item): string {
  if (item.type === 'file') return `file ${item.mode} ${item.sha256}`
  return item.type === 'link' ? `link ${item.to}` : 'folder'
}
