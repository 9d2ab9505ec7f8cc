import type { ChangeView } from '../../api/wire/wire.ts'
import type { Status } from '../../change/status.ts'
import { kindOf, type KindSigns } from './kind-words.ts'

/**
 * What a change looks like: its status, or `reverted` for one that was done and taken back, or `found` for drift, which
 * somebody else has made and Tandem only wrote down.
 */
export type Look = Status | 'reverted' | 'found'
export type Tone = 'quiet' | 'busy' | 'good' | 'care' | 'bad'

export type Looks = KindSigns & Pick<ChangeView, 'status' | 'revertedBy'>

export function lookOf(change: Looks): Look {
  if (change.status !== 'done') return change.status
  if (kindOf(change) === 'drift') return 'found'
  return change.revertedBy === null ? 'done' : 'reverted'
}

export const wordOf = (change: Looks): string => lookOf(change)

export function toneOf(look: Look): Tone {
  switch (look) {
    case 'waiting':
    case 'withdrawn':
    case 'reverted':
      return 'quiet'
    case 'planning':
    case 'running':
    case 'settling':
      return 'busy'
    case 'done':
      return 'good'
    case 'undoing':
    case 'undone':
    case 'found':
      return 'care'
    case 'refused':
    case 'stuck':
      return 'bad'
  }
}

/** The look in one sentence, for who has not learnt the words yet. */
export function meaningOf(look: Look): string {
  switch (look) {
    case 'waiting':
      return 'waits for its turn on the target'
    case 'planning':
      return 'works out what it will do'
    case 'running':
      return 'changes the hosts, stage by stage; it can still be undone'
    case 'settling':
      return 'all stages are done, the last steps follow; it will finish'
    case 'undoing':
      return 'puts back what it has done, newest first'
    case 'done':
      return 'everything it set out to do is done'
    case 'reverted':
      return 'it was live and a later change took it back'
    case 'found':
      return 'hosts were altered by somebody else; it was only written down'
    case 'refused':
      return 'it failed before anything was touched'
    case 'withdrawn':
      return 'it was taken out of the line; nothing was touched'
    case 'undone':
      return 'it failed and everything was put back'
    case 'stuck':
      return 'putting back failed too: a person is needed'
  }
}
