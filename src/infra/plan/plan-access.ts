import { type AccessNow, accessLines } from './access.ts'
import { type PathSpot, pathState } from './path-state.ts'
import type { PathSeen } from './seen.ts'
import { withPath } from './state.ts'
import { moved, right, type Turn } from './turn.ts'

/** Mode, owner and group alone. */
export function changeAccess(
  { path, state, before }: PathSpot,
  now: Extract<PathSeen, { type: 'file' | 'directory' }>,
  access: AccessNow,
): Turn {
  const lines = accessLines(now, access)
  if (lines.length === 0) return right
  const after = { ...now, ...access }
  const act = { type: 'access', path, before, after: pathState(after) } as const
  return moved([{ act, mark: '~', lines, cannotUndo: null }], withPath(state, path, after))
}
