/** What a forge has: its refs with their hashes, and the branch that it shows first. */
export type RemoteRefs = Readonly<{ refs: ReadonlyMap<string, string>; trunk: string | null }>

/** A ref that is at another commit than when we last looked. `from` and `to` are null for new and for deleted ones. */
export type Move = Readonly<{ ref: string; from: string | null; to: string | null }>

/** What a repository may have before it is told that this is too much. */
export const mostRefs = 100_000

/** What `git ls-remote --symref` printed. Refs with names that git itself would not make are left out. */
export function parseRemote(printed: string): RemoteRefs {
  const refs = new Map<string, string>()
  let trunk: string | null = null
  for (const line of printed.split('\n')) {
    const [what = '', name = ''] = line.split('\t')
    const symbolic = /^ref: (refs\/heads\/.+)$/.exec(what)?.[1]
    if (symbolic !== undefined && name === 'HEAD' && isFitRef(symbolic)) trunk = symbolic
    if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(what) && isFitRef(name)) refs.set(name, what)
  }
  return { refs, trunk }
}

/** Text that `parseRemote` reads again. */
export function printRemote({ refs, trunk }: RemoteRefs): string {
  const head = trunk === null ? [] : [`ref: ${trunk}\tHEAD`]
  return [...head, ...[...refs].map(([ref, hash]) => `${hash}\t${ref}`), ''].join('\n')
}

/** What moved between two looks, deletions first: a ref may take the place of a folder of refs, and the other way. */
export function movesBetween(seen: RemoteRefs, now: RemoteRefs): readonly Move[] {
  const gone = [...seen.refs].filter(([ref]) => !now.refs.has(ref))
  const moved = [...now.refs].filter(([ref, hash]) => seen.refs.get(ref) !== hash)
  return [
    ...gone.map(([ref, hash]) => ({ ref, from: hash, to: null })),
    ...moved.map(([ref, hash]) => ({ ref, from: seen.refs.get(ref) ?? null, to: hash })),
  ]
}

const kinds = /^refs\/(?:heads\/|tags\/|(?:pull|merge-requests)\/\d{1,9}\/head$)/

/**
 * Whether this is a ref that we follow, named as git allows it: names reach git by its input, where a colon or a star
 * would mean something, and the disk.
 */
export function isFitRef(ref: string): boolean {
  return (
    ref.length <= 250 &&
    kinds.test(ref) &&
    !/[\p{Cc}\s~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$/u.test(ref) &&
    ref.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  )
}
