import { TroubleError } from '../../change/trouble.ts'
import type { Place } from '../../config/reading/locate.ts'

/** One thing that is wrong with a recipe. */
export type Wrong = Readonly<{ what: string; now: string; at: Place }>

/** The most mistakes shown at once. */
const mostShown = 50

/** `tandem.ts:14:3`. */
export function shownPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

/** One error for all mistakes of a host: the first is what it says, the others are its tail, in the order of their places. */
export function refusal(host: string, wrongs: readonly Wrong[]): TroubleError {
  const [first, ...others] = wrongs.toSorted(
    (a, b) => a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column,
  )
  if (first === undefined) throw new Error('no mistake among the mistakes')
  const tail = others.slice(0, mostShown).map(({ what, now, at }) => `${shownPlace(at)}: ${what}; ${now}`)
  if (others.length > mostShown) tail.push(`and ${others.length - mostShown} more`)
  return new TroubleError({
    what: first.what,
    where: shownPlace(first.at),
    now: first.now,
    host,
    ...(tail.length > 0 && { tail }),
  })
}
