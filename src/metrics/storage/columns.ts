import type { Columns, TakenIn } from '../intake.ts'

export type Refused = TakenIn['refused'][number]

/** More samples are not one record of the log. */
const mostAtOnce = 250_000

/** Columns in pieces that are not too long, and where each begins. */
export function inSlices(columns: Columns): readonly Readonly<{ from: number; part: Columns }>[] {
  const { length } = columns.series
  if (length <= mostAtOnce) return [{ from: 0, part: columns }]
  return Array.from({ length: Math.ceil(length / mostAtOnce) }, (_, nth) => {
    const from = nth * mostAtOnce
    const to = from + mostAtOnce
    const stale = columns.stale.filter((at) => at >= from && at < to).map((at) => at - from)
    const [series, times, values] = [columns.series, columns.times, columns.values].map((list) =>
      list.slice(from, to),
    )
    return { from, part: { series: series ?? [], times: times ?? [], values: values ?? [], stale } }
  })
}

/** All places but those that were refused. */
export function beside(length: number, refused: readonly Refused[]): readonly number[] {
  const left = new Set(refused.map(({ at }) => at))
  return Array.from({ length }, (_, at) => at).filter((at) => !left.has(at))
}

/** The samples at these places, which rise. */
export function picked({ series, times, values, stale }: Columns, places: readonly number[]): Columns {
  const ends = new Set(stale)
  return {
    series: places.map((at) => series[at] ?? 0),
    times: places.map((at) => times[at] ?? 0),
    values: places.map((at) => values[at] ?? 0),
    stale: [...places.entries()].filter(([, at]) => ends.has(at)).map(([nth]) => nth),
  }
}
