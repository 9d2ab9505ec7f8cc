import type { ChangeView } from '../../api/wire/wire.ts'

/** What a change is to people. All but a deploy and a flip are of the kind `apply`. */
export type KindWord = 'deploy' | 'apply' | 'run' | 'drift' | 'flip' | 'other'

export type KindSigns = Pick<ChangeView, 'kind' | 'does'>

export function kindOf({ kind, does }: KindSigns): KindWord {
  if (kind === 'deploy' || kind === 'flip') return kind
  if (kind !== 'apply') return 'other'
  if (does === 'run') return 'run'
  return does === 'note' ? 'drift' : 'apply'
}

/** The kind as rows show it. */
export const kindWords = (change: KindSigns): string => {
  const kind = kindOf(change)
  return kind === 'other' ? change.kind : kind
}
