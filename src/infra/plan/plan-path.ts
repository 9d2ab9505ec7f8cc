import type { PlanLine } from '../../change/plan.ts'
import type { PathThing } from '../things/thing.ts'
import { planFile } from './plan-file.ts'
import { planEdited } from './plan-edited.ts'
import { accessLines, accessTrouble, wantedAccess } from './access.ts'
import { changeAccess } from './plan-access.ts'
import type { PathState } from './op.ts'
import { type PathSpot, pathState, replacing } from './path-state.ts'
import type { PathSeen } from './seen.ts'
import {
  absolute,
  at,
  bringerOf,
  folderTrouble,
  type Spot,
  type State,
  withoutTree,
  withPath,
} from './state.ts'
import { moved, right, type Turn } from './turn.ts'

export type PathWorld = Readonly<{ spot: Spot; keyed: (sha256: string) => string }>

/** What is to be done at one path. */
export function planPath(thing: PathThing, state: State, world: PathWorld): Turn {
  const path = absolute(thing.path, state.seen)
  if (path === null) return noHome(thing.path, state)
  const now = at(state, path)
  const bringer = bringerOf(state, path, world.spot)
  const isLoose = bringer !== null || now.type === 'unknown'
  const before: PathState = isLoose ? { type: 'any' } : pathState(now)
  const place: PathSpot = { path, now, before, state, thing, keyed: world.keyed, isLoose }
  const { want } = thing
  if (want.type === 'edited') return planEdited(place, want, bringer)
  if (want.type === 'absent') return planAbsent(place, want)
  const folder = folderTrouble(state, path)
  if (folder !== null) return { type: 'trouble', ...folder }
  switch (want.type) {
    case 'file':
      return planFile(place, want)
    case 'directory':
      return planDirectory(place, want)
    case 'link':
      return planLink(place, want)
  }
}

function noHome(path: string, state: State): Turn {
  const user = /^~([^/]+)/.exec(path)?.[1] ?? ''
  const bringer = state.bringers.at(-1)
  if (bringer !== undefined)
    return { type: 'later', why: `${bringer.type} ${bringer.name} may bring the user ${user}` }
  return {
    type: 'trouble',
    what: `there is no user ${user}, whose home it is in`,
    now: `add user('${user}'), or name the whole path`,
  }
}

function planDirectory(place: PathSpot, want: Extract<PathThing['want'], { type: 'directory' }>): Turn {
  const { path, now, state, before } = place
  const trouble = accessTrouble(want, state)
  if (trouble !== null) return trouble
  switch (now.type) {
    case 'missing':
    case 'unknown': {
      const access = wantedAccess(want, null, 0o755)
      const folder: PathSeen = { type: 'directory', isEmpty: now.type === 'missing', mtime: 0, ...access }
      const act = { type: 'mkdir', path, before, after: { type: 'directory', ...access } } as const
      const move = { act, mark: '+', lines: accessLines(null, access), cannotUndo: null } as const
      return moved([move], withPath(state, path, folder))
    }
    case 'directory':
      return changeAccess(place, { ...now, type: 'directory' }, wantedAccess(want, now, 0o755, state))
    case 'file':
    case 'other':
      return {
        type: 'trouble',
        what: `it shall be a folder, and ${now.type === 'file' ? 'a file' : now.what} is there`,
        now: `move what is at ${path} away, and plan again`,
      }
    case 'link':
      return {
        type: 'trouble',
        what: `it shall be a folder, and a link to ${now.to} is there`,
        now: `name ${now.to} in the recipe, or take the link away`,
      }
  }
}

function planLink(place: PathSpot, want: Extract<PathThing['want'], { type: 'link' }>): Turn {
  const { path, now, state } = place
  if (now.type === 'link' && now.to === want.to) return right
  const cleared = replacing(place)
  if ('trouble' in cleared) return cleared.trouble
  const act = { type: 'link', path, before: cleared.before, after: { type: 'link', to: want.to } } as const
  const lines: readonly PlanLine[] = [
    ...cleared.lines,
    ...(now.type === 'link' ? [{ mark: '-', text: `-> ${now.to}` } as const] : []),
    { mark: '+', text: `-> ${want.to}` },
  ]
  const move = { act, mark: now.type === 'missing' ? '+' : '~', lines, cannotUndo: null } as const
  const after: PathSeen = { type: 'link', to: want.to, owner: 'root', group: 'root' }
  return moved([...cleared.moves, move], withPath(state, path, after))
}

function planAbsent({ path, now, state, before }: PathSpot, want: Readonly<{ all: boolean }>): Turn {
  const remove = (text: string, all: boolean, after: State): Turn => {
    const act = { type: 'remove', path, before, all } as const
    const unknown = before.type === 'any' ? 'whether something is there by then' : null
    return moved([{ act, mark: '-', lines: [{ mark: '-', text }], cannotUndo: null }], after, { unknown })
  }
  const gone = withPath(state, path, { type: 'missing' })
  switch (now.type) {
    case 'missing':
      // A package of the plan may bring it: nginx has its default site.
      return before.type === 'any' ? remove('what is there by then', want.all, gone) : right
    case 'file':
      return remove(`a file of ${now.size} bytes`, false, gone)
    case 'link':
      return remove(`a link to ${now.to}`, false, gone)
    case 'unknown':
      return remove('what is there by then', want.all, withoutTree(state, path))
    case 'other':
      return { type: 'trouble', what: `it is ${now.what}, and no file`, now: `take ${path} away by hand` }
    case 'directory':
      if (want.all) return remove('a folder with all that is in it', true, withoutTree(state, path))
      if (now.isEmpty || state.thinned.has(path)) return remove('a folder', false, withoutTree(state, path))
      return {
        type: 'trouble',
        what: 'it shall be gone, and is a folder that is not empty',
        now: 'say `all: true` to take away what is in it as well',
      }
  }
}
