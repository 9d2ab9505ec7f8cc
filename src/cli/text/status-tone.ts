import type { ChangeView } from '../../api/wire/wire.ts'
import type { Tone } from '../../words/paint.ts'

/** The colour of a change's status; the word stands beside it, so nobody needs to see it. */
export function statusTone(change: Pick<ChangeView, 'status' | 'revertedBy'>): Tone {
  switch (change.status) {
    case 'waiting':
    case 'planning':
    case 'running':
    case 'settling':
      return 'link'
    case 'undoing':
    case 'undone':
      return 'care'
    case 'done':
      return change.revertedBy === null ? 'good' : 'dim'
    case 'withdrawn':
      return 'dim'
    case 'refused':
    case 'stuck':
      return 'bad'
  }
}
