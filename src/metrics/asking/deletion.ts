import type { DeletionWish } from '../storage/deletions/deletion.ts'
import { AskFailure, invalid } from './failure.ts'
import { timeOr } from './query.ts'
import { namedIn } from './series.ts'

/** Which samples are to be deleted: those of `match[]`, from `start` to `end`. */
export function deletionIn(params: URLSearchParams): Pick<DeletionWish, 'matchers' | 'fromMs' | 'toMs'> {
  if (!params.has('match[]')) throw new AskFailure('bad_data', 'no match[] parameter provided')
  const fromMs = timeOr(params, 'start', 0)
  const toMs = timeOr(params, 'end', Number.MAX_SAFE_INTEGER)
  if (toMs < fromMs) throw invalid('end', 'end timestamp must not be before start time')
  return {
    matchers: namedIn(params),
    fromMs: Math.max(0, fromMs),
    toMs: Math.min(toMs, Number.MAX_SAFE_INTEGER),
  }
}
