import type { Entry } from '../../src/change/entry.ts'
import { stepsOf } from '../../src/change/plan.ts'
import type { Op, PathState } from '../../src/infra/plan/op.ts'
import type { Leaf, Tree } from '../lib/tree.ts'

/** The operations that a change has planned for a host, wherever in its steps they are written, in their order. */
export function plannedOps(entries: readonly Entry[], host: string): readonly Op[] {
  const ops: Op[] = []
  for (const entry of entries) {
    if (entry.type !== 'planned') continue
    for (const step of stepsOf(entry.plan)) if (step.host === host) collect(step.input, ops)
  }
  return [...new Map(ops.map((op) => [op.number, op])).values()].toSorted((a, b) => a.number - b.number)
}

function collect(value: unknown, into: Op[]): void {
  if (typeof value !== 'object' || value === null) return
  if (isOp(value)) into.push(value)
  else for (const inner of Object.values(value)) collect(inner, into)
}

const isOp = (value: object): value is Op =>
  'number' in value && 'act' in value && typeof value.act === 'object' && 'owes' in value

/** What will be on a host when operations are done to a tree: only what they themselves say. */
export function predicted(before: Tree, ops: readonly Op[]): Tree {
  const tree = new Map(before)
  for (const { act } of ops) {
    switch (act.type) {
      case 'write':
      case 'mkdir':
      case 'access':
      case 'link':
        put(tree, act.path, act.after)
        break
      case 'remove':
        removeAll(tree, act.path)
        break
      case 'restore':
      case 'packages':
      case 'user':
      case 'group':
      case 'unit':
      case 'command':
      case 'pay':
        break
    }
  }
  return tree
}

/** Homes that operations make: useradd fills them with what is in /etc/skel, which no operation names. */
export function homesOf(ops: readonly Op[]): readonly string[] {
  return ops.flatMap(({ act }) =>
    act.type === 'user' && act.after?.makeHome === true ? [act.after.home ?? `/home/${act.name}`] : [],
  )
}

function put(tree: Map<string, Leaf>, path: string, state: PathState): void {
  switch (state.type) {
    case 'file': {
      const { mode, owner, group, sha256 } = state
      removeAll(tree, path)
      tree.set(path, { type: 'file', mode, owner, group, sha256 })
      break
    }
    case 'directory': {
      const { mode, owner, group } = state
      tree.set(path, { type: 'directory', mode, owner, group })
      break
    }
    case 'link':
      removeAll(tree, path)
      tree.set(path, { type: 'link', owner: 'root', group: 'root', to: state.to })
      break
    case 'missing':
      removeAll(tree, path)
      break
    case 'any':
      tree.set(path, { type: 'other' })
      break
  }
}

function removeAll(tree: Map<string, Leaf>, path: string): void {
  for (const key of tree.keys()) if (key === path || key.startsWith(`${path}/`)) tree.delete(key)
}
