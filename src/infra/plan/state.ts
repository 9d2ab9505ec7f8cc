import { posix } from 'node:path'
import type { PathSeen, Seen } from './seen.ts'

/** What will be there when the next thing has its turn: what was seen, with all that the plan does before it. */
export type State = Readonly<{
  seen: Seen
  /** Users and groups that the plan makes, by key: the host chooses their numbers. */
  made: ReadonlySet<string>
  /** Folders that the plan takes something out of: they may be empty by then. */
  thinned: ReadonlySet<string>
  /** Packages and commands of the plan: what they bring or alter is known once they are done. */
  bringers: readonly Bringer[]
}>

export type Bringer = Readonly<{
  /** The number of its resource. */
  number: number
  type: 'package' | 'command'
  name: string
}>

/** Where in the recipe a thing stands: its resource, and all the resources that come before it because it says so. */
export type Spot = Readonly<{ number: number; comesAfter: ReadonlySet<number> }>

/** What useradd copies into a new home is known once it has done so. */
const skelWhy = 'useradd fills a new home with what is in /etc/skel'

export function stateOf(seen: Seen): State {
  const paths = new Map([...seen.paths].map(([path, what]) => [absolute(path, seen) ?? path, what] as const))
  return { seen: { ...seen, paths }, made: new Set(), thinned: new Set(), bringers: [] }
}

/** The path with `~user/` replaced; null when the host has no such user. */
export function absolute(path: string, seen: Pick<Seen, 'homes'>): string | null {
  const [, user, rest] = /^~([^/]+)\/(.*)$/.exec(path) ?? []
  if (user === undefined || rest === undefined) return path
  const home = seen.homes.get(user) ?? null
  return home === null ? null : posix.join(home, rest)
}

/** What is at a path by now. What nobody looked at is not known. */
export function at(state: State, path: string): PathSeen {
  return state.seen.paths.get(path) ?? { type: 'unknown', why: 'nobody looked at it' }
}

/** The state once something else is at a path. Its folder is not empty then, or may be. */
export function withPath(state: State, path: string, what: PathSeen): State {
  const paths = new Map(state.seen.paths).set(path, what)
  const parent = posix.dirname(path)
  const folder = paths.get(parent)
  const isGone = what.type === 'missing'
  if (folder?.type === 'directory' && !isGone) paths.set(parent, { ...folder, isEmpty: false })
  const thinned = isGone ? new Set([...state.thinned, parent]) : state.thinned
  return { ...state, thinned, seen: { ...state.seen, paths } }
}

/** The state once a folder is gone with all that is in it. */
export function withoutTree(state: State, folder: string): State {
  const paths = [...state.seen.paths].map(([path, what]): [string, PathSeen] =>
    path.startsWith(`${folder}/`) ? [path, { type: 'missing' }] : [path, what],
  )
  return withPath({ ...state, seen: { ...state.seen, paths: new Map(paths) } }, folder, { type: 'missing' })
}

/** The state once useradd has made a home; its mode is set in the host's login.defs. */
export function withHome(state: State, home: string): State {
  const paths = [...state.seen.paths].map(([path, what]): [string, PathSeen] =>
    posix.dirname(path) === home && what.type === 'missing'
      ? [path, { type: 'unknown', why: skelWhy }]
      : [path, what],
  )
  const folder: PathSeen = { type: 'unknown', why: 'useradd makes it' }
  return withPath({ ...state, seen: { ...state.seen, paths: new Map(paths) } }, home, folder)
}

/**
 * Something of the plan that may decide what is at a path when its turn comes; null when nothing does. A package may
 * bring whatever is missing; what is there, and what commands do, counts where the recipe or a name says so.
 */
export function bringerOf(state: State, path: string, spot: Spot): Bringer | null {
  const isMissing = at(state, path).type === 'missing'
  const hasNoFolder = isMissing && state.seen.paths.get(posix.dirname(path))?.type === 'missing'
  const found = state.bringers.findLast(({ number, type, name }) => {
    if (hasNoFolder || spot.comesAfter.has(number)) return true
    return type === 'package' && (isMissing || path.includes(stemOf(name)))
  })
  return found ?? null
}

/** `nginx` of `nginx-full`: what the files of a package tend to be called. */
function stemOf(name: string): string {
  return /^[a-z]+/.exec(name)?.[0] ?? name
}

export function bringerText({ type, name }: Bringer): string {
  return `the ${type} ${name}`
}

/** Why nothing can be put at a path because of the folder it would be in; null when it can. */
export function folderTrouble(state: State, path: string): Readonly<{ what: string; now: string }> | null {
  const folder = posix.dirname(path)
  const what = state.seen.paths.get(folder)
  if (what === undefined || folder === '/') return null
  switch (what.type) {
    case 'directory':
    case 'link':
      return null
    case 'unknown':
      return what.why === skelWhy ? missingFolder(folder) : null
    case 'missing':
      return state.bringers.length > 0 ? null : missingFolder(folder)
    case 'file':
    case 'other':
      return {
        what: `${folder}, where it should be in, is no folder`,
        now: `move what is at ${folder} away, or name another place`,
      }
  }
}

function missingFolder(folder: string): Readonly<{ what: string; now: string }> {
  return {
    what: `its folder ${folder} is not there and no resource makes it`,
    now: `add directory('${folder}') before it`,
  }
}

/** Whether a user or group will be there; a package or command of the plan may bring one that is missing. */
export function isThere(state: State, type: 'user' | 'group', name: string): boolean {
  const known = type === 'user' ? state.seen.users.get(name) : state.seen.groups.get(name)
  return known !== null || state.made.has(`${type} ${name}`) || state.bringers.length > 0
}
