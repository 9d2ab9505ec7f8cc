import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** What a path is, down to its bytes. Owners are names where the host knows them, else numbers. */
export type Leaf = Readonly<
  | { type: 'file'; mode: number; owner: string; group: string; sha256: string }
  | { type: 'directory'; mode: number; owner: string; group: string }
  | { type: 'link'; owner: string; group: string; to: string }
  | { type: 'other' }
>

/** Everything at and beneath some paths of a host. What is not in it is not there. */
export type Tree = ReadonlyMap<string, Leaf>

type Names = Readonly<{ users: ReadonlyMap<number, string>; groups: ReadonlyMap<number, string> }>

/** Looks at a host from outside, by its root on this machine; nothing is asked of the host itself. */
export function treeOf(root: string, paths: readonly string[]): Tree {
  const names = { users: namesIn(root, 'passwd'), groups: namesIn(root, 'group') }
  const tree = new Map<string, Leaf>()
  const walk = (path: string): void => {
    const leaf = leafOf(join(root, path), names)
    if (leaf === null) return
    tree.set(path, leaf)
    if (leaf.type === 'directory')
      for (const name of readdirSync(join(root, path)).toSorted()) walk(join(path, name))
  }
  for (const path of paths) walk(path)
  return tree
}

/** What differs, one line each, `one` said first; nothing when the trees are equal. */
export function differences(one: Tree, other: Tree): readonly string[] {
  const paths = [...new Set([...one.keys(), ...other.keys()])].toSorted()
  return paths.flatMap((path) => {
    const [here, there] = [say(one.get(path)), say(other.get(path))]
    return here === there ? [] : [`${path}: ${here} | ${there}`]
  })
}

export const sha256Of = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

function say(leaf: Leaf | undefined): string {
  if (leaf === undefined) return 'missing'
  switch (leaf.type) {
    case 'file':
      return `file ${octal(leaf.mode)} ${leaf.owner}:${leaf.group} ${leaf.sha256}`
    case 'directory':
      return `directory ${octal(leaf.mode)} ${leaf.owner}:${leaf.group}`
    case 'link':
      return `link ${leaf.owner}:${leaf.group} -> ${leaf.to}`
    case 'other':
      return 'neither file, directory nor link'
  }
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0')

function leafOf(file: string, { users, groups }: Names): Leaf | null {
  const found = lstatSync(file, { throwIfNoEntry: false })
  if (found === undefined) return null
  const owner = users.get(found.uid) ?? String(found.uid)
  const group = groups.get(found.gid) ?? String(found.gid)
  const mode = found.mode & 0o7777
  if (found.isFile()) return { type: 'file', mode, owner, group, sha256: sha256Of(readFileSync(file)) }
  if (found.isDirectory()) return { type: 'directory', mode, owner, group }
  if (found.isSymbolicLink()) return { type: 'link', owner, group, to: readlinkSync(file) }
  return { type: 'other' }
}

function namesIn(root: string, file: 'passwd' | 'group'): ReadonlyMap<number, string> {
  const lines = readFileSync(join(root, 'etc', file), 'utf8')
    .split('\n')
    .filter(Boolean)
  return new Map(lines.map((line) => [Number(line.split(':')[2]), line.split(':')[0] ?? '']))
}
