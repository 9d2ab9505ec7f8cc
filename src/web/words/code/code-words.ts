import type { RefView, TrainPlace } from '../../../api/wire/code.ts'
import type { Tone } from '../status-words.ts'

/** A commit as people name it. */
export const shortHash = (hash: string): string => hash.slice(0, 7)

export function bytesWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${(bytes / 1_000).toFixed(bytes < 9_950 ? 1 : 0)} kB`
  if (bytes < 999_500_000) return `${(bytes / 1_000_000).toFixed(bytes < 9_950_000 ? 1 : 0)} MB`
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`
}

/** How long a test takes: most take no second. */
export const testTimeWords = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`

/** `1 file`, `3 files`. */
export const many = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : more}`

export const refKinds: Readonly<Record<RefView['kind'], string>> = {
  branch: 'Branches',
  request: 'Requests',
  tag: 'Tags',
}

export const trainTones: Readonly<Record<TrainPlace['status'], Tone>> = {
  testing: 'busy',
  green: 'good',
  held: 'care',
  frozen: 'care',
  waiting: 'quiet',
  going: 'busy',
  empty: 'quiet',
  broken: 'bad',
}

/** What a place on the train is, for who has not learnt the words yet. */
export const trainMeanings: Readonly<Record<TrainPlace['status'], string>> = {
  testing: 'its run is not over yet',
  green: 'it passed, and goes out when somebody says so',
  held: 'somebody holds it back',
  frozen: 'nothing goes out at this time',
  waiting: 'it waits for what is before it',
  going: 'it is being changed now',
  empty: 'it would change nothing',
  broken: 'there can be no plan of it',
}
