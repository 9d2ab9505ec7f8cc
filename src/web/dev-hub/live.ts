import type { PlayLedger } from './ledger.ts'

/** The finished changes of a target, newest first. */
export const liveChanges = (ledger: PlayLedger, target: string) =>
  ledger.views().filter((change) => change.target === target && change.status === 'done')

/** The commit that is live: the last word of the title of the change that brought it. */
export const commitLive = (ledger: PlayLedger, target: string): string | null =>
  liveChanges(ledger, target)[0]?.title.split(' ').at(-1) ?? null
