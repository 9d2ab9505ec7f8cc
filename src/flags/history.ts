import type { ChangeId } from '../change/order.ts'
import { stepsOf } from '../change/plan.ts'
import { planOf } from '../change/undo.ts'
import type { Entry } from '../change/entry.ts'
import type { Store } from '../store/store.ts'
import { deedOf } from './step.ts'
import { flagTarget, manyTarget, switchTarget } from './target.ts'

const changesRead = 50

/** The changes of a flag, newest first: edits, turns of its switch, and those that moved many flags at once. */
export async function historyOf(
  { ledger }: Pick<Store, 'ledger'>,
  environment: string,
  key: string,
): Promise<readonly ChangeId[]> {
  const changesOf = (target: string) => ledger.changes({ target, before: null, limit: changesRead })
  const [own, turns, many] = await Promise.all(
    [flagTarget(key, environment), switchTarget(key, environment), manyTarget(environment)].map(changesOf),
  )
  const entries = await ledger.ofMany(many ?? [])
  const touching = (many ?? []).filter((_, nth) => doesTouch(entries[nth] ?? [], key))
  return [...(own ?? []), ...(turns ?? []), ...touching]
    .toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)))
    .slice(0, changesRead)
}

function doesTouch(entries: readonly Entry[], key: string): boolean {
  const plan = planOf(entries)
  return (plan === null ? [] : stepsOf(plan)).some((step) => {
    const deed = deedOf(step)
    return deed.action === 'set' && deed.moves.some((move) => move.what === 'flag' && move.key === key)
  })
}
