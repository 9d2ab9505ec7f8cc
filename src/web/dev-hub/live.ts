import type { PlayLedger } from './ledger.ts'

/** The finished changes of a target, newest first. */
export const liveChanges = (ledger: PlayLedger, target: string) =>
  ledger.views().filter((change) => change.target === target && change.status === 'done')

/** A title like `deploy shop 3f2a1c9 to production` names its commit third from the end. */
export const commitIn = (title: string): string => title.split(' ').at(-3) ?? '0000000'

/** The commit that is live, by the title of the change that brought it. */
export function commitLive(ledger: PlayLedger, target: string): string | null {
  const last = liveChanges(ledger, target)[0]
  return last === undefined ? null : commitIn(last.title)
}
