import type { Room } from '../arena.ts'
import type { Piece } from '../cut.ts'
import type { Span } from '../window.ts'

/** The samples that lie in none of these spans; null when there are none. */
export function cutOut(piece: Piece, spans: readonly Span[], room: Room): Piece | null {
  const { times, values, stale } = piece
  const isGone = (ms: number): boolean => spans.some(({ fromMs, toMs }) => ms >= fromMs && ms <= toMs)
  const places: number[] = []
  for (const [at, ms] of times.entries()) if (!isGone(ms)) places.push(at)
  if (places.length === times.length) return piece
  if (places.length === 0) return null
  const ends = new Set(stale)
  const left = { times: room(places.length), values: room(places.length) }
  for (const [nth, at] of places.entries()) {
    left.times[nth] = times[at] ?? 0
    left.values[nth] = values[at] ?? 0
  }
  const marked = ends.size === 0 ? [] : [...places.keys()].filter((nth) => ends.has(places[nth] ?? -1))
  return { ...left, stale: marked.length === 0 ? null : Int32Array.from(marked) }
}

/** Whether all times of `inner` lie in one of these spans. */
export function covers(spans: readonly Span[], inner: Span): boolean {
  return spans.some(({ fromMs, toMs }) => fromMs <= inner.fromMs && toMs >= inner.toMs)
}
