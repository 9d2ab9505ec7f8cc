import type { Watched } from '../../pipeline/kind.ts'
import type { Expectation, NumberOperator } from '../../../sdk/flag/flag.ts'
import { expectationText } from '../../words/expectation.ts'

/** What was seen of an expectation so far, look by look. */
export type Seen = Readonly<{
  expectation: Expectation
  looks: number
  /** How many looks found a number. */
  answered: number
  /** What the last look found; null for no single number. */
  last: number | null
  /** The number that was furthest to the wrong side. */
  worst: number | null
  /** In how many looks it did not hold, since it last did. Looks without a number count as nothing. */
  against: number
}>

/** One number may be a slip of the pen; so many, one after another, are not. */
export const looksToHarm = 3

export const unseen = (expectation: Expectation): Seen => ({
  expectation,
  looks: 0,
  answered: 0,
  last: null,
  worst: null,
  against: 0,
})

/** With one more look. */
export function seenOnce(seen: Seen, measured: number | null): Seen {
  const { expectation, looks, answered, worst, against } = seen
  if (measured === null || !Number.isFinite(measured)) return { ...seen, looks: looks + 1, last: null }
  return {
    expectation,
    looks: looks + 1,
    answered: answered + 1,
    last: measured,
    worst: worst === null ? measured : worseOf(expectation.op, worst, measured),
    against: holds(expectation, measured) ? 0 : against + 1,
  }
}

/** How all of it stands: `doubtful` is what does not hold and may still come right. */
export type Standing = 'healthy' | 'doubtful' | 'harmful' | 'no data'

export function standingOf(all: readonly Seen[]): Standing {
  if (all.some(({ against }) => against >= looksToHarm)) return 'harmful'
  if (all.some(({ against }) => against > 0)) return 'doubtful'
  return all.length === 0 || all.some(({ last }) => last === null) ? 'no data' : 'healthy'
}

/** A line for each, what is worst first. */
export function evidenceOf(all: readonly Seen[]): Watched['evidence'] {
  if (all.length === 0) return ['no metric of this flag is looked at']
  return all.toSorted((a, b) => rank(a) - rank(b)).map(lineOf)
}

const rank = ({ against, last }: Seen): number => (against > 0 ? -against : last === null ? 1 : 2)

function lineOf({ expectation, looks, answered, last, worst, against }: Seen): string {
  const text = expectationText(expectation)
  if (worst === null) return `${text}: no single number in ${counted(looks)}`
  const found = `${last === null ? 'no single number' : shown(last)} at last, ${shown(worst)} at worst`
  if (against > 0) return `${text} does not hold: ${found}, against it in ${counted(against)} in a row`
  const silent = answered === looks ? '' : `, ${looks - answered} without a number`
  return `${text}${last === null ? '' : ' holds'}: ${found}, in ${counted(looks)}${silent}`
}

const counted = (looks: number): string => `${looks} look${looks === 1 ? '' : 's'}`

const shown = (measured: number): number => Number(measured.toPrecision(6))

function holds({ op, value }: Expectation, measured: number): boolean {
  switch (op) {
    case 'below':
      return measured < value
    case 'at-most':
      return measured <= value
    case 'above':
      return measured > value
    case 'at-least':
      return measured >= value
  }
}

function worseOf(op: NumberOperator, one: number, other: number): number {
  return op === 'below' || op === 'at-most' ? Math.max(one, other) : Math.min(one, other)
}
