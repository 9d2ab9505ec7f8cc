import type { ChangeView } from '../../api/wire.ts'

/** What a change is to people. All but a deploy and a flip are of the kind `apply`. */
export type KindWord = 'deploy' | 'apply' | 'run' | 'drift' | 'flip' | 'other'

export type KindSigns = Pick<ChangeView, 'kind' | 'target' | 'door' | 'title'>

/** A command on hosts has a target of its own; drift is written down by the clock, under a title that says so. */
export function kindOf({ kind, target, door, title }: KindSigns): KindWord {
  if (kind === 'deploy' || kind === 'flip') return kind
  if (kind !== 'apply') return 'other'
  if (target.startsWith('run-')) return 'run'
  return door === 'clock' && title.startsWith('drift on ') ? 'drift' : 'apply'
}

/** The kind as rows show it. */
export const kindWords = (change: KindSigns): string => {
  const kind = kindOf(change)
  return kind === 'other' ? change.kind : kind
}
