import type { Act, Op, PathState } from './op.ts'
import { pathState } from './path-state.ts'
import type { PackageSeen, Seen } from './seen.ts'

/**
 * How a host is no longer as an operation has left it; null when it is, or when it does not matter: a unit may have
 * failed since, and that is why people revert. `keyed` is what digests of contents with secrets were made with.
 */
export function movedSince({ act }: Op, seen: Seen, keyed: (sha256: string) => string): string | null {
  switch (act.type) {
    case 'write':
      return pathMoved(
        act.path,
        act.after,
        seen,
        act.from.type === 'sent' && act.from.isSecret ? keyed : bare,
      )
    case 'mkdir':
    case 'access':
    case 'link':
      return pathMoved(act.path, act.after, seen, bare)
    case 'remove':
      return pathMoved(act.path, { type: 'missing' }, seen, bare)
    case 'packages':
      return packagesMoved(act, seen)
    case 'user':
      return presenceMoved(`the user ${act.name}`, act.after !== null, seen.users.get(act.name))
    case 'group':
      return presenceMoved(`the group ${act.name}`, act.after !== null, seen.groups.get(act.name))
    case 'restore':
    case 'unit':
    case 'command':
    case 'pay':
      return null
  }
}

/**
 * What has moved since a change, for all of its operations: of those on one thing, the last one says what is there.
 * Each as a line for people.
 */
export function allMoved(
  ops: readonly Op[],
  seen: Seen,
  keyed: (sha256: string) => string,
): readonly string[] {
  const last = new Map(
    ops.map((op) => ['path' in op.act ? `path ${op.act.path}` : `op ${op.number}`, op] as const),
  )
  return [...last.values()].flatMap((op) => {
    const moved = movedSince(op, seen, keyed)
    return moved === null ? [] : [`${op.resource} (${op.at}): ${moved}`]
  })
}

const bare = (sha256: string): string => sha256

function pathMoved(
  path: string,
  after: PathState,
  seen: Seen,
  keyed: (sha256: string) => string,
): string | null {
  const found = seen.paths.get(path)
  if (found === undefined || after.type === 'any') return null
  const now = pathState(found)
  if (now.type !== after.type) return `${path} is ${nouns[found.type]} by now, not ${nouns[after.type]}`
  switch (now.type) {
    case 'missing':
      return null
    case 'link':
      return after.type === 'link' && after.to !== now.to ? `${path} leads to ${now.to} by now` : null
    case 'file':
      if (after.type === 'file' && after.sha256 !== keyed(now.sha256))
        return `${path} holds other bytes by now`
      return accessMoved(path, now, after)
    case 'directory':
      return accessMoved(path, now, after)
  }
}

const nouns = {
  missing: 'not there',
  file: 'a file',
  directory: 'a folder',
  link: 'a link',
  other: 'something else',
  unknown: 'unknown',
  any: 'anything',
} as const

function accessMoved(path: string, now: PathState, after: PathState): string | null {
  if (!('mode' in now) || !('mode' in after)) return null
  const isSame = now.mode === after.mode && now.owner === after.owner && now.group === after.group
  return isSame ? null : `${path} has another mode or owner by now`
}

function packagesMoved(act: Extract<Act, { type: 'packages' }>, { packages }: Seen): string | null {
  const gone = [...act.remove, ...act.purge].flatMap((name) =>
    (packages.get(name) ?? null) === null ? [] : [`${name} is installed again`],
  )
  const there = act.install.flatMap(({ name, version }) => {
    const now: PackageSeen | null = packages.get(name) ?? null
    if (now === null) return [`${name} is not installed any more`]
    return version === null || version === now.version ? [] : [`${name} is ${now.version} by now`]
  })
  return [...gone, ...there][0] ?? null
}

function presenceMoved(what: string, shallBe: boolean, now: unknown): string | null {
  const isThere = now !== null && now !== undefined
  if (now === undefined || isThere === shallBe) return null
  return shallBe ? `${what} is not there any more` : `${what} is there again`
}
