import { differences, type Leaf, type Tree } from '../lib/tree.ts'

/** What one host was like before the strike, once the change had ended, and after it was applied again. */
export type Looks = Readonly<{ before: Tree; struck: Tree; after: Tree }>

/**
 * Paths that are neither as before nor as they come to be: half written, or with the access of another time. `status` is
 * how the struck change ended: a done one must have left all new, an undone one all old.
 */
export function tornIn({ before, struck, after }: Looks, status: string): readonly string[] {
  if (status === 'done') return differences(struck, after).map((line) => `not as planned: ${line}`)
  if (status === 'undone') return differences(struck, before).map((line) => `not as before: ${line}`)
  const paths = new Set([...before.keys(), ...struck.keys(), ...after.keys()])
  return [...paths].flatMap((path) => {
    const one = (tree: Tree): Tree => {
      const leaf = tree.get(path)
      return leaf === undefined ? new Map<string, Leaf>() : new Map([[path, leaf]])
    }
    const isOld = differences(one(struck), one(before)).length === 0
    const isNew = differences(one(struck), one(after)).length === 0
    return isOld || isNew ? [] : [`neither old nor new: ${differences(one(struck), one(after)).join()}`]
  })
}

/** Names that only a program in the middle of its work gives. */
export function strayNames(tree: Tree, allowed: ReadonlySet<string>, root: string): readonly string[] {
  return [...tree.keys()].filter(
    (path) =>
      /\/\.tandem-|\.dpkg-(new|tmp)$/.test(path) || (path.startsWith(`${root}/`) && !allowed.has(path)),
  )
}
