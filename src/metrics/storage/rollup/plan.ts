import type { Selection } from '../../source.ts'
import type { Shelved } from '../block/shelf.ts'
import { type Span, windowOf } from '../window.ts'
import { dayMs, hours, stretchOf } from './level.ts'

/** What there is to answer from. */
export type There = Readonly<{
  /** The count of the newest block of samples of the window of two hours that begins then; null where there is none. */
  newestIn: (windowFromMs: number) => number | null
  minutes: readonly Shelved[]
  hours: readonly Shelved[]
}>

/** Summaries that are read of a file: those of the stretches in these spans. `lengthMs` is 0 where samples are there as well. */
export type RolledPart = Readonly<{
  shelved: Shelved
  level: 'minutes' | 'hours'
  lengthMs: number
  spans: Span[]
}>

/** Where a question is answered from samples, and where from summaries. */
export type Plan = Readonly<{ samples: readonly Span[]; rolled: readonly RolledPart[] }>

/** Summaries are worth it where there are so many hours of them, and at most one of samples for each so many. */
const leastHours = 6
const hoursForOne = 8

/**
 * Answers from samples where they are, but for whole hours that lie inside of windows. Where samples are gone: from minutes
 * and, where those are gone as well, from hours. Null where samples answer all there is.
 */
export function planOf(selection: Selection, there: There): Plan | null {
  const covered = coveredBy([...there.minutes, ...there.hours], selection)
  if (covered === null) return null
  const cut = cutHours(selection, covered)
  const draft = draw(covered, there, cut)
  if (draft.rolled.length === 0) return null
  const summed = hoursIn(draft.rolled.filter(({ lengthMs }) => lengthMs === 0).flatMap(({ spans }) => spans))
  const apart = (toMs: number, fromMs: number): number => Math.max(0, fromMs - toMs) / hours.lengthMs
  const beside = apart(selection.fromMs, covered.fromMs) + apart(covered.toMs, selection.toMs)
  const isWorth = summed >= leastHours && summed >= hoursForOne * (hoursIn(draft.samples) + beside)
  const worked = summed === 0 || isWorth ? draft : draw(covered, there, null)
  if (worked.rolled.length === 0) return null
  const before = { fromMs: selection.fromMs, toMs: covered.fromMs - 1 }
  const after = { fromMs: covered.toMs + 1, toMs: selection.toMs }
  const samples = [before, ...worked.samples, after]
    .map(({ fromMs, toMs }) => ({
      fromMs: Math.max(fromMs, selection.fromMs),
      toMs: Math.min(toMs, selection.toMs),
    }))
    .filter(({ fromMs, toMs }) => fromMs <= toMs)
  return { ...worked, samples: samples.reduce(joinedTo, []) }
}

/** The whole hours of a selection that files of summaries may have, and one before that where each time sees the latest sample. */
function coveredBy(files: readonly Span[], selection: Selection): Span | null {
  const { toMs, windows } = selection
  const fromMs = selection.fromMs - (windows === undefined ? hours.lengthMs : 0)
  const near = files.filter((file) => file.fromMs <= toMs && file.toMs >= fromMs)
  if (near.length === 0) return null
  const first = Math.max(fromMs, Math.min(...near.map((file) => file.fromMs)))
  const last = Math.min(toMs, Math.max(...near.map((file) => file.toMs)))
  return { fromMs: stretchOf(first, hours.lengthMs).fromMs, toMs: stretchOf(last, hours.lengthMs).toMs }
}

/** The hours in the middle of which a window begins or ends; null where sums do not do. */
function cutHours({ windows }: Selection, covered: Span): ReadonlySet<number> | null {
  if (windows === undefined) return null
  const { endMs, stepMs, count, rangeMs } = windows
  const cut = new Set<number>()
  for (let step = 0; step < count; step += 1)
    for (const edgeMs of [endMs + step * stepMs, endMs + step * stepMs - rangeMs]) {
      const { fromMs } = stretchOf(edgeMs, hours.lengthMs)
      if (edgeMs !== fromMs && fromMs >= covered.fromMs && fromMs <= covered.toMs) cut.add(fromMs)
    }
  return cut
}

function draw(covered: Span, there: There, cut: ReadonlySet<number> | null): Plan {
  const samples: Span[] = []
  const parts = new Map<string, RolledPart>()
  const days = { minutes: byDay(there.minutes), hours: byDay(there.hours) }
  const put = (level: RolledPart['level'], lengthMs: number, shelved: Shelved, span: Span): void => {
    const key = `${shelved.path} ${lengthMs}`
    const part = parts.get(key) ?? { shelved, level, lengthMs, spans: [] }
    parts.set(key, part)
    joinedTo(part.spans, span)
  }
  for (let fromMs = covered.fromMs; fromMs <= covered.toMs; fromMs += hours.lengthMs) {
    const span = stretchOf(fromMs, hours.lengthMs)
    const day = stretchOf(fromMs, dayMs).fromMs
    const [minutes, ofHours] = [days.minutes.get(day), days.hours.get(day)]
    const nth = there.newestIn(windowOf(fromMs).fromMs)
    const isThere = nth !== null
    // What came later than it was summed up is in no sum.
    const isSummed = isThere && ofHours !== undefined && ofHours.nth > nth
    if (isSummed && cut !== null && !cut.has(fromMs)) put('hours', 0, ofHours, span)
    else if (isThere) joinedTo(samples, span)
    else if (minutes !== undefined) put('minutes', 60_000, minutes, span)
    else if (ofHours !== undefined) put('hours', hours.lengthMs, ofHours, span)
  }
  return { samples, rolled: [...parts.values()] }
}

/** Which file has the summaries of a day. */
function byDay(files: readonly Shelved[]): ReadonlyMap<number, Shelved> {
  const days = new Map<number, Shelved>()
  for (const file of files)
    for (let fromMs = file.fromMs; fromMs <= file.toMs; fromMs += dayMs) days.set(fromMs, file)
  return days
}

/** Adds a span to some that rise; one that follows the last at once makes that longer. */
function joinedTo(spans: Span[], span: Span): Span[] {
  const last = spans.at(-1)
  if (last !== undefined && last.toMs + 1 === span.fromMs)
    spans[spans.length - 1] = { ...last, toMs: span.toMs }
  else spans.push(span)
  return spans
}

function hoursIn(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromMs, toMs }) => sum + (toMs + 1 - fromMs) / hours.lengthMs, 0)
}
