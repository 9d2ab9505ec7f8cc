/** The time that graphs show, both ends included; milliseconds since the Unix epoch. */
export type Span = Readonly<{ fromMs: number; toMs: number }>

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]

/** How much time can be picked by name. */
export const spanChoices: readonly Readonly<{ ms: number; name: string }>[] = [
  { ms: 5 * minute, name: '5 minutes' },
  { ms: 15 * minute, name: '15 minutes' },
  { ms: hour, name: 'hour' },
  { ms: 3 * hour, name: '3 hours' },
  { ms: 6 * hour, name: '6 hours' },
  { ms: day, name: '24 hours' },
  { ms: 2 * day, name: '2 days' },
  { ms: 7 * day, name: '7 days' },
  { ms: 30 * day, name: '30 days' },
]

export const usualMs = 3 * hour
export const weekMs = 7 * day
const shortestMs = minute
const longestMs = 400 * day

/** The span in an address; null where it has none that can be drawn. */
export function spanIn(address: string): Span | null {
  const query = new URL(address, 'http://hub').searchParams
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  if (!/^\d{1,15}$/.test(from) || !/^\d{1,15}$/.test(to)) return null
  const span = { fromMs: Number(from), toMs: Number(to) }
  const widthMs = span.toMs - span.fromMs
  return widthMs >= shortestMs && widthMs <= longestMs ? span : null
}

/** The same page at another time. */
export function withSpan(address: string, { fromMs, toMs }: Span): string {
  const { pathname, searchParams } = new URL(address, 'http://hub')
  searchParams.set('from', String(Math.round(fromMs)))
  searchParams.set('to', String(Math.round(toMs)))
  return `${pathname}?${searchParams.toString()}`
}

/** As wide as what was asked for, at least a minute and at most some more than a year. */
export function bounded({ fromMs, toMs }: Span): Span {
  const middle = (fromMs + toMs) / 2
  const half = Math.min(Math.max(toMs - fromMs, shortestMs), longestMs) / 2
  return { fromMs: Math.max(0, Math.round(middle - half)), toMs: Math.round(middle + half) }
}

/** Earlier (a share below 0) or later by this share of its width. */
export function shifted({ fromMs, toMs }: Span, share: number): Span {
  const by = Math.round((toMs - fromMs) * share)
  return { fromMs: fromMs + by, toMs: toMs + by }
}

/** Twice as much time around the same middle. */
export function widened({ fromMs, toMs }: Span): Span {
  const by = (toMs - fromMs) / 2
  return bounded({ fromMs: fromMs - by, toMs: toMs + by })
}

/** How much time is shown where nobody said it: no more than there are numbers of, by the time of the oldest. */
export function firstMs(oldestAt: number | null, now: number): number {
  const ageMs = oldestAt === null ? usualMs : now - oldestAt
  return spanChoices.find(({ ms }) => ms >= Math.min(ageMs, usualMs))?.ms ?? usualMs
}

/** The last so many milliseconds, on whole steps, so that a graph that follows moves without trembling. */
export function latest(widthMs: number, now: number): Span {
  const stepMs = stepOf({ fromMs: 0, toMs: widthMs })
  const toMs = Math.floor(now / stepMs) * stepMs
  return { fromMs: toMs - widthMs, toMs }
}

const second = 1_000
const steps: readonly number[] = [
  ...[5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
]
const pointsWanted = 300

/** How far apart the points of a graph lie: some hundred of them, at round distances. */
export function stepOf({ fromMs, toMs }: Span): number {
  return steps.find((stepMs) => (toMs - fromMs) / stepMs <= pointsWanted) ?? day
}

/** What `$window` in a query stands for: never less than what holds a few samples, nor than a step. */
export const windowOf = (stepMs: number): string => `${Math.max(stepMs, minute) / second}s`
