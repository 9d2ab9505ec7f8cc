import type { FlagUse, FlagUseHistory, UseLine, UseSpan } from '../../api/wire/flag-use.ts'

/** One thing that a flag came to, and how often, in the hour of `at`. */
export type Counted = Readonly<{ flag: string; line: string; at: number; count: number }>

/** What a flag came to in an hour or day, by line. */
type Bucket = Map<string, number>

/** The same as it is kept. */
export type KeptTally = Readonly<{
  flag: string
  lastAt: number
  hours: readonly KeptBucket[]
  days: readonly KeptBucket[]
}>
type KeptBucket = readonly [number, Readonly<Record<string, number>>]

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
const hoursKept = 48
const daysKept = 60
/** What comes beyond this in one hour is added up as one line. */
const linesLimit = 60
const otherLine = lineOf({ variant: null, rule: null, reason: 'OTHER', errorCode: null })

/** What a flag came to as a text, so that the same is found again. */
export function lineOf({ variant, rule, reason, errorCode }: Omit<UseLine, 'count'>): string {
  return JSON.stringify([variant, rule, reason, errorCode])
}

/** How often one flag came to what, by hour and by day. */
export class Tally {
  readonly flag: string
  lastAt: number
  readonly #hours: Map<number, Bucket>
  readonly #days: Map<number, Bucket>

  constructor({ flag, lastAt, hours, days }: KeptTally) {
    this.flag = flag
    this.lastAt = lastAt
    this.#hours = new Map(hours.map(([at, lines]) => [at, new Map(Object.entries(lines))]))
    this.#days = new Map(days.map(([at, lines]) => [at, new Map(Object.entries(lines))]))
  }

  add({ line, at, count }: Counted): void {
    this.lastAt = Math.max(this.lastAt, at)
    put(this.#hours, at - (at % hourMs), line, count)
    put(this.#days, at - (at % dayMs), line, count)
  }

  /** Forgets what is too old to be shown. */
  prune(now: number): void {
    for (const at of this.#hours.keys()) if (at <= now - hoursKept * hourMs) this.#hours.delete(at)
    for (const at of this.#days.keys()) if (at <= now - daysKept * dayMs) this.#days.delete(at)
  }

  get isForgotten(): boolean {
    return this.#days.size === 0
  }

  kept(): KeptTally {
    return { flag: this.flag, lastAt: this.lastAt, hours: keptOf(this.#hours), days: keptOf(this.#days) }
  }

  use(now: number): FlagUse {
    const lately = [...this.#hours].filter(([at]) => at > now - dayMs)
    const sum: Bucket = new Map()
    for (const [, lines] of lately)
      for (const [line, count] of lines) sum.set(line, (sum.get(line) ?? 0) + count)
    return { flag: this.flag, lastAt: this.lastAt, day: linesOf(sum), same: this.#same() }
  }

  /** Back from the newest day for as long as there was one answer. */
  #same(): FlagUse['same'] {
    let same: FlagUse['same'] = null
    for (const [at, lines] of [...this.#days].toSorted(([a], [b]) => b - a)) {
      const answers = new Set(
        linesOf(lines).flatMap(({ variant, errorCode }) => (errorCode === null ? [variant] : [])),
      )
      const [variant = null, ...others] = answers
      if (answers.size === 0) continue
      if (others.length > 0 || (same !== null && same.variant !== variant)) break
      same = { variant, at }
    }
    return same
  }

  history(now: number): FlagUseHistory {
    return { ...this.use(now), hours: spansOf(this.#hours), days: spansOf(this.#days) }
  }
}

function put(buckets: Map<number, Bucket>, at: number, line: string, count: number): void {
  const bucket = buckets.get(at) ?? new Map<string, number>()
  buckets.set(at, bucket)
  const own = bucket.has(line) || bucket.size < linesLimit ? line : otherLine
  bucket.set(own, (bucket.get(own) ?? 0) + count)
}

function keptOf(buckets: Map<number, Bucket>): readonly KeptBucket[] {
  return [...buckets].map(([at, lines]) => [at, Object.fromEntries(lines)])
}

function spansOf(buckets: Map<number, Bucket>): readonly UseSpan[] {
  return [...buckets].toSorted(([a], [b]) => a - b).map(([at, lines]) => ({ at, lines: linesOf(lines) }))
}

function linesOf(bucket: Bucket): readonly UseLine[] {
  return [...bucket]
    .toSorted(([, a], [, b]) => b - a)
    .map(([line, count]) => {
      const [variant = null, rule = null, reason, errorCode = null] = JSON.parse(line) as (string | null)[]
      return { variant, rule, reason: reason ?? '', errorCode, count }
    })
}
