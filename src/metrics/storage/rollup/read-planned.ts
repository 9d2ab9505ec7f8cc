import { type Room, Arena, fresh } from '../arena.ts'
import type { Labels } from '../../labels.ts'
import type { Run, Selection } from '../../source.ts'
import { AlikeReader } from '../alike.ts'
import { firstNotBefore, isSame, type Piece } from '../cut.ts'
import { gather } from '../join.ts'
import { type OpenBlock, readOne, type Sought } from '../reading.ts'
import { type Span, windowOf } from '../window.ts'
import { type Chunk, concat, ofSamples } from './concat.ts'
import { hours } from './level.ts'
import type { Plan, RolledPart } from './plan.ts'
import type { OpenRollup } from './rollups.ts'
import { cutSummaries, type Rolled } from './summarize.ts'
import { thin } from './thin.ts'

/** A part of a plan whose file is open. */
export type OpenPart = RolledPart & Readonly<{ rollup: OpenRollup }>

export type Planned = Readonly<{
  sought: Sought
  samples: Plan['samples']
  parts: readonly OpenPart[]
  selection: Selection
  /** All blocks, also those that are not needed as long as sums are close enough. */
  allBlocks: () => readonly OpenBlock[]
  /** Whether a file turned out to be broken while it was read. */
  isBroken: (part: OpenPart) => boolean
  /** Told of a part from which something was read whose samples are gone. */
  answered: (part: OpenPart) => void
}>

const arenaFloats = 8192

/** Reads series one after the other, as it was planned. */
export function readPlanned(planned: Planned): Iterable<Run> {
  for (const layer of planned.sought.layers) layer.readers += 1
  return readAll(planned)
}

function* readAll(planned: Planned): Iterable<Run> {
  const { sought, selection } = planned
  const arena = new Arena(arenaFloats)
  const readers = readersOf(planned)
  const readSeries = selection.windows === undefined ? thinnedRun : summedRun
  let last = new Float64Array(0)
  try {
    for (const one of sought.series) {
      arena.clear()
      const pieces = readers.flatMap((read) => read(one.number, arena.room))
      const run = readSeries(planned, one, pieces)
      if (run.times.length === 0) continue
      if (!isSame(run.times, last)) last = run.times.slice()
      yield { ...run, times: last }
    }
  } finally {
    for (const layer of sought.layers) layer.readers -= 1
  }
}

type One = Readonly<{ number: number; labels: Labels }>

/** The samples of each span in which these are read. */
function readersOf({
  sought,
  samples,
}: Planned): readonly ((number: number, room: Room) => Piece | readonly [])[] {
  return samples.map((span) => {
    const blocks = sought.blocks.filter(
      ({ shelved }) => shelved.toMs >= span.fromMs && shelved.fromMs <= span.toMs,
    )
    const layers = sought.layers.filter((layer) =>
      layer.windows().some((fromMs) => isMet(windowOf(fromMs), span)),
    )
    const inside = { ...sought, blocks, layers, span: { ...sought.span, ...span } }
    const alike = new AlikeReader(inside)
    return (number, room) => {
      const piece = alike.read(number, room) ?? readOne(number, inside, room)
      return piece.times.length === 0 ? [] : piece
    }
  })
}

const isMet = (a: Span, b: Span): boolean => a.fromMs <= b.toMs && a.toMs >= b.fromMs

function summedRun(planned: Planned, { number, labels }: One, pieces: readonly Piece[]): Run {
  const { sought, parts, selection } = planned
  const chunks: Chunk[] = pieces.map((piece) => ({ columns: ofSamples(unmarked(piece)), lengthMs: 0 }))
  const readSamples = (span: Span): Piece =>
    readOne(number, { ...sought, blocks: planned.allBlocks(), span: { ...sought.span, ...span } }, fresh)
  let isGone = false
  for (const part of parts) {
    const found = summedIn(part, number)
    if (part.lengthMs > 0) {
      chunks.push(...found)
      if (found.length > 0) planned.answered(part)
      isGone ||= found.length > 0
    } else if (planned.isBroken(part) || part.rollup.gaps?.has(number) === true)
      for (const span of part.spans)
        chunks.push({ columns: ofSamples(unmarked(readSamples(span))), lengthMs: 0 })
    else chunks.push(...found)
  }
  const summed = concat(chunks)
  const { lastTimes: times, lasts: values } = summed.columns
  const run = { labels, times, values, stale: null, summed }
  return isGone
    ? run
    : {
        ...run,
        unsummed: () => ({ labels, ...readSamples({ fromMs: selection.fromMs, toMs: selection.toMs }) }),
      }
}

function summedIn({ rollup, spans, lengthMs }: OpenPart, number: number): readonly Chunk[] {
  const rolled = rollup.read(number)
  if (rolled === null) return []
  const chunks = spans.map((span) => ({ columns: within(rolled, span), lengthMs }))
  return chunks.filter(({ columns }) => columns.counts.length > 0)
}

function thinnedRun(planned: Planned, { number, labels }: One, pieces: readonly Piece[]): Run {
  const hourly: Piece[] = []
  const others: Piece[] = [...pieces]
  for (const part of planned.parts) {
    const rolled = part.rollup.read(number)
    if (rolled === null) continue
    const found = part.spans.map((span) => thin(rolled, span)).filter(({ times }) => times.length > 0)
    if (found.length > 0) planned.answered(part)
    const into = part.lengthMs === hours.lengthMs ? hourly : others
    into.push(...found)
  }
  const all = gather([...hourly, ...others], fresh)
  if (hourly.length === 0) return { labels, ...all }
  const nextMs = Math.min(...others.map(({ times }) => times[0] ?? Infinity))
  return { labels, ...all, thinned: { before: firstNotBefore(all.times, nextMs), everyMs: hours.lengthMs } }
}

function within({ columns }: Rolled, { fromMs, toMs }: Span): Chunk['columns'] {
  const { lastTimes } = columns
  return cutSummaries(columns, firstNotBefore(lastTimes, fromMs), firstNotBefore(lastTimes, toMs + 1))
}

function unmarked({ times, values, stale }: Piece): Pick<Piece, 'times' | 'values'> {
  if (stale === null) return { times, values }
  const marked = new Set(stale)
  const isKept = (_: number, at: number): boolean => !marked.has(at)
  return { times: times.filter(isKept), values: values.filter(isKept) }
}
