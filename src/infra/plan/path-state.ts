import type { PlanLine } from '../../change/plan.ts'
import type { PathState } from './op.ts'
import type { PathSeen } from './seen.ts'
import type { PathThing } from '../things/thing.ts'
import type { State } from './state.ts'
import type { Move, Turn } from './turn.ts'

/** What the planning of a path knows of it: where it is, what is there, and whether something may bring another. */
export type PathSpot = Readonly<{
  path: string
  now: PathSeen
  /** What must be there when the operation begins. */
  before: PathState
  state: State
  thing: PathThing
  keyed: (sha256: string) => string
  isLoose: boolean
}>

/** What was seen at a path, as an operation compares it. */
export function pathState(seen: PathSeen): PathState {
  switch (seen.type) {
    case 'missing':
      return { type: 'missing' }
    case 'file':
      return { type: 'file', sha256: seen.sha256, mode: seen.mode, owner: seen.owner, group: seen.group }
    case 'directory':
      return { type: 'directory', mode: seen.mode, owner: seen.owner, group: seen.group }
    case 'link':
      return { type: 'link', to: seen.to }
    case 'other':
    case 'unknown':
      return { type: 'any' }
  }
}

/** What makes room for something else at a path, and what people are told about it; or why there can be none. */
export type Cleared =
  | Readonly<{ moves: readonly Move[]; before: PathState; lines: readonly PlanLine[] }>
  | Readonly<{ trouble: Turn }>

/** Files and links are replaced by a rename, an empty folder is taken away first, and anything else stays. */
export function replacing({ path, now, before, state, thing }: PathSpot): Cleared {
  switch (now.type) {
    case 'missing':
    case 'unknown':
      return { moves: [], before, lines: [] }
    case 'file':
      return {
        moves: [],
        before,
        lines: thing.want.type === 'file' ? [] : [{ mark: '-', text: `a file of ${now.size} bytes` }],
      }
    case 'link':
      return {
        moves: [],
        before,
        lines:
          thing.want.type === 'link' ? [] : [{ mark: '-', text: `a link to ${now.to}, which is replaced` }],
      }
    case 'other':
      return refused(`${now.what} is there`, `take ${path} away by hand`)
    case 'directory': {
      if (!now.isEmpty && !state.thinned.has(path))
        return refused('a folder is there that is not empty', `move what is in ${path} away, and plan again`)
      const act = { type: 'remove', path, before, all: false } as const
      const lines = [{ mark: '-', text: 'an empty folder, which is replaced' }] as const
      return {
        moves: [{ act, mark: '-', lines, cannotUndo: null }],
        before: { type: 'missing' },
        lines: [],
      }
    }
  }
}

function refused(what: string, now: string): Cleared {
  return { trouble: { type: 'trouble', what, now } }
}
