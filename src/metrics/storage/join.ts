import type { Room } from './arena.ts'
import type { Piece } from './cut.ts'

const nothing = new Float64Array(0)

export const noPiece: Piece = { times: nothing, values: nothing, stale: null }

/** All samples of these pieces. Where two have the same time, the one of the earlier piece stays. */
export function gather(pieces: readonly Piece[], room: Room): Piece {
  const filled = pieces.filter(({ times }) => times.length > 0)
  const [only] = filled
  if (only === undefined) return noPiece
  if (filled.length === 1) return only
  const sorted = filled.toSorted((a, b) => (a.times[0] ?? 0) - (b.times[0] ?? 0))
  const isApart = sorted.every(
    (one, at) => at === 0 || (sorted[at - 1]?.times.at(-1) ?? 0) < (one.times[0] ?? 0),
  )
  return isApart ? join(sorted, room) : filled.reduce((one, other) => merge(one, other, room))
}

/** One of pieces that follow each other in time. */
function join(pieces: readonly Piece[], room: Room): Piece {
  const length = pieces.reduce((sum, { times }) => sum + times.length, 0)
  const [times, values] = [room(length), room(length)]
  const stale: number[] = []
  let at = 0
  for (const piece of pieces) {
    times.set(piece.times, at)
    values.set(piece.values, at)
    for (const place of piece.stale ?? []) stale.push(at + place)
    at += piece.times.length
  }
  return { times, values, stale: stale.length === 0 ? null : Int32Array.from(stale) }
}

/** One of two that lie between each other. */
function merge(first: Piece, second: Piece, room: Room): Piece {
  const length = first.times.length + second.times.length
  const [times, values] = [room(length), room(length)]
  const stale: number[] = []
  const marks = [new Set(first.stale), new Set(second.stale)] as const
  let [a, b, count] = [0, 0, 0]
  while (a < first.times.length || b < second.times.length) {
    const [one, other] = [first.times[a] ?? Infinity, second.times[b] ?? Infinity]
    const isFirst = one <= other
    if (isFirst ? marks[0].has(a) : marks[1].has(b)) stale.push(count)
    times[count] = isFirst ? one : other
    values[count] = (isFirst ? first.values[a] : second.values[b]) ?? 0
    count += 1
    if (one <= other) a += 1
    if (other <= one) b += 1
  }
  return {
    times: times.subarray(0, count),
    values: values.subarray(0, count),
    stale: stale.length === 0 ? null : Int32Array.from(stale),
  }
}
