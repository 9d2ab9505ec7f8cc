import { checkOf, lockoutOf } from './lockout.ts'
import type { PathThing, PathWant } from './thing.ts'

/**
 * A path with the lockout and the check that its place asks for. `check`: false = none, left out = what such files are
 * known to need.
 */
export function pathThing(path: string, want: PathWant, check?: readonly string[] | false): PathThing {
  const thing = { type: 'path', key: `path ${path}`, path, want, owes: [], lockout: lockoutOf(path) } as const
  return { ...thing, check: checkFor(path, want, check) }
}

/** A path of which a resource owns a part, as others may who want something else of it. */
export function sharedPath(thing: PathThing, by: string): PathThing {
  return { ...thing, key: `${thing.key}, ${by}` }
}

function checkFor(path: string, want: PathWant, check?: readonly string[] | false): PathThing['check'] {
  switch (want.type) {
    case 'file':
    case 'edited':
      return check === undefined ? checkOf(path) : check || null
    case 'directory':
    case 'link':
    case 'absent':
      return null
  }
}
