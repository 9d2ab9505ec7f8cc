import type { Happening } from './entry.ts'

/**
 * Where a change stands. `refused`: it failed before anything was touched; `undone`: it failed and everything was put
 * back; `stuck`: putting back failed too and a person is needed.
 */
export const statuses = [
  'waiting',
  'planning',
  'running',
  'settling',
  'undoing',
  'done',
  'refused',
  'withdrawn',
  'undone',
  'stuck',
] as const
export type Status = (typeof statuses)[number]

export const isOver = (status: Status): boolean =>
  status === 'done' ||
  status === 'refused' ||
  status === 'withdrawn' ||
  status === 'undone' ||
  status === 'stuck'

/** The exit code of the command that ordered it (0 done, 1 nothing changed, 3 undone, 4 needs a person). */
export function exitCodeOf(status: Status): number {
  if (status === 'done') return 0
  if (status === 'undone') return 3
  if (status === 'stuck') return 4
  return 1
}

/** The next status after one happening, or `illegal` where the happening cannot come next. */
export function after(status: Status | null, happening: Happening): Status | 'illegal' {
  if (status === null) return happening.type === 'ordered' ? 'waiting' : 'illegal'
  switch (happening.type) {
    case 'ordered':
      return 'illegal'
    case 'leased':
      return status === 'waiting' ? 'planning' : isOver(status) ? 'illegal' : status
    case 'planned':
      return status === 'planning' ? 'running' : 'illegal'
    case 'stage-started':
    case 'stage-done':
    case 'watched':
      return status === 'running' ? 'running' : 'illegal'
    case 'step-started':
    case 'step-done':
    case 'step-failed':
      return status === 'running' || status === 'settling' ? status : 'illegal'
    case 'decided':
      return decided(status, happening.to)
    case 'undo-started':
    case 'undo-done':
    case 'undo-failed':
      return status === 'undoing' ? 'undoing' : 'illegal'
    case 'refused':
    case 'withdrawn':
      return status === 'waiting' || status === 'planning' ? happening.type : 'illegal'
    case 'finished':
      return status === 'settling' ? 'done' : 'illegal'
    case 'undone':
      return status === 'undoing' ? 'undone' : 'illegal'
    case 'stuck':
      return isOver(status) ? 'illegal' : 'stuck'
    case 'announced':
    case 'stop-asked':
    case 'overruled':
    case 'fenced':
    case 'healed':
    case 'resumed':
    case 'note':
      return status
  }
}

function decided(status: Status, to: 'finish' | 'undo'): Status | 'illegal' {
  if (status !== 'running') return 'illegal'
  return to === 'finish' ? 'settling' : 'undoing'
}

/** The status of a change with these happenings, oldest first. Throws on a sequence that cannot have happened. */
export function statusOf(happenings: readonly Happening[]): Status {
  let status: Status | null = null
  for (const happening of happenings) {
    const next: Status | 'illegal' = after(status, happening)
    if (next === 'illegal') throw new Error(`${happening.type} cannot follow ${status ?? 'nothing'}`)
    status = next
  }
  if (status === null) throw new Error('a change has at least one entry')
  return status
}
