import { columnsBy } from '../../summaries.ts'
import { fresh } from '../arena.ts'
import { gather } from '../join.ts'
import type { Blocks } from '../reading.ts'
import type { Span } from '../window.ts'
import { isInside, type Level, stretchOf } from './level.ts'
import type { OpenRollup } from './rollups.ts'
import { type Rolled, summarize } from './summarize.ts'

export type MendingWorld = Readonly<{ level: Level; blocks: Blocks }>

/** What is left of a series in a file: where a deletion has cut a summary, that is made anew if its samples are there. */
export function mended(number: number, file: OpenRollup, { level, blocks }: MendingWorld): readonly Rolled[] {
  const left = file.read(number)
  const cut = cutBy(file.gaps?.get(number) ?? [], level).filter((span) => isInside(span, file.shelved))
  const made = cut.map((span) => {
    const pieces = blocks.within(span, []).flatMap((block) => block.read(number, span, fresh) ?? [])
    // That it had ended is still said by what is left.
    return { columns: summarize(gather(pieces, fresh), level.lengthMs).columns, ends: noTimes }
  })
  return left === null ? made : [inOrder([left, ...made])]
}

const noTimes = new Float64Array(0)

/** The stretches in which spans begin and end, each once. */
function cutBy(spans: readonly Span[], { lengthMs }: Level): readonly Span[] {
  const edges = spans.flatMap(({ fromMs, toMs }) => [stretchOf(fromMs, lengthMs), stretchOf(toMs, lengthMs)])
  return [...new Map(edges.map((span) => [span.fromMs, span])).values()]
}

function inOrder(parts: readonly Rolled[]): Rolled {
  const places = parts.flatMap(({ columns }) =>
    Array.from(columns.lastTimes, (ms, at) => ({ columns, ms, at })),
  )
  const sorted = places.toSorted((a, b) => a.ms - b.ms)
  const columns = columnsBy((name) =>
    Float64Array.from(sorted, (place) => place.columns[name][place.at] ?? 0),
  )
  return { columns, ends: Float64Array.from(parts.flatMap(({ ends }) => [...ends])) }
}
