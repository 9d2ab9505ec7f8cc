/** One entry of a tree, as git keeps it. `name` has one character for each byte. */
export type TreeEntry = Readonly<{ isTree: boolean; name: string; hash: string }>

/** The entries of a tree object; null for bytes that are none. */
export function treeEntries(bytes: Buffer, hashBytes: number): readonly TreeEntry[] | null {
  const entries: TreeEntry[] = []
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const end = space === -1 ? -1 : bytes.indexOf(0, space)
    if (end === -1 || end + 1 + hashBytes > bytes.length) return null
    const mode = bytes.toString('latin1', at, space)
    const hash = bytes.toString('hex', end + 1, end + 1 + hashBytes)
    entries.push({ isTree: /^0?40000$/.test(mode), name: bytes.toString('latin1', space + 1, end), hash })
    at = end + 1 + hashBytes
  }
  return entries
}

const longestNameBytes = 255

/** What is wrong with the names in one folder; null = nothing. */
export function namesTrouble(entries: readonly TreeEntry[]): Readonly<{ name: string; why: string }> | null {
  const seen = new Map<string, string>()
  for (const { name: bytes } of entries) {
    const name = Buffer.from(bytes, 'latin1').toString('utf8')
    const why = nameTrouble(bytes, name)
    if (why !== null) return { name, why }
    const folded = name.normalize('NFC').toLowerCase()
    const other = seen.get(folded)
    if (other !== undefined)
      return { name, why: `differs from ${other} only in its case: many disks hold only one of them` }
    seen.set(folded, name)
  }
  return null
}

/** Characters that file systems of Apple do not see, so that `.g\u200cit` is `.git` to them. */
const unseen = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

function nameTrouble(bytes: string, name: string): string | null {
  if (bytes === '' || bytes === '.' || bytes === '..' || bytes.includes('/')) return 'leads out of its folder'
  if (bytes.length > longestNameBytes) return `is over ${longestNameBytes} bytes long`
  const plain = name
    .replaceAll(unseen, '')
    .toLowerCase()
    .replace(/[. ]+$/, '')
  if (plain === '.git' || plain === 'git~1' || plain.startsWith('.git:'))
    return 'is taken for a repository by git'
  if (/[\p{Cc}]/u.test(name)) return 'has control characters in its name'
  if (name.includes('\\')) return 'has a backslash in its name, which leads to other folders on Windows'
  return null
}
