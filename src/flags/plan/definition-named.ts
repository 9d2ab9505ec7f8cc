import { stepsOf } from '../../change/plan.ts'
import { planOf } from '../../change/undo.ts'
import type { Store } from '../../store/store.ts'
import type { Flag, Segment } from '../../../sdk/flag/flag.ts'
import { deedOf, revOf } from '../step.ts'

const changesRead = 50

/** The definition that a rev names, if it stands in one of the last changes of a target. */
export async function definitionNamed(
  { ledger }: Pick<Store, 'ledger'>,
  target: string,
  rev: string,
): Promise<Flag | Segment | null> {
  const ids = await ledger.changes({ target, before: null, limit: changesRead })
  for (const entries of await ledger.ofMany(ids)) {
    const plan = planOf(entries)
    for (const step of plan === null ? [] : stepsOf(plan)) {
      const deed = deedOf(step)
      if (deed.action !== 'set') continue
      const found = deed.moves
        .flatMap(({ before, after }) => [after, before])
        .find((each) => each !== null && revOf(each) === rev)
      if (found !== undefined && found !== null) return found
    }
  }
  return null
}
