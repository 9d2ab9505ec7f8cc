import type { FindSeries } from '../../../metrics/asking/series.ts'
import { labelsOf } from '../../../metrics/labels.ts'
import { testOfAll } from '../../../metrics/matcher.ts'
import type { Run, SampleSource, Selected, Selection } from '../../../metrics/source.ts'
import { playSeries, type PlaySeries } from './play-series.ts'

/** How often everybody is asked; where much time is asked for, fewer samples do. */
const stepMs = 15_000
const samplesLimit = 20_000

/** Numbers of an ordinary team, made up when they are asked for: any time of them is there. */
export const playSource: SampleSource = {
  // oxlint-disable-next-line typescript/require-await -- a source may take a while to find its series; this one does not
  select: async (selection) => lookUpPlayed(selection),
}

export function lookUpPlayed(selection: Selection): Selected {
  const matches = testOfAll(selection.matchers)
  const found = playSeries.filter(({ labels }) => matches(labelsOf(labels)))
  return { runs: found.map((series) => runOf(series, selection)), warnings: [] }
}

function runOf({ labels, at }: PlaySeries, { fromMs, toMs }: Selection): Run {
  const wanted = Math.min(toMs, Date.now())
  const apart = Math.ceil((wanted - fromMs) / samplesLimit / stepMs) * stepMs || stepMs
  const first = Math.ceil(fromMs / apart) * apart
  const count = Math.max(0, Math.floor((wanted - first) / apart) + 1)
  const times = Float64Array.from({ length: count }, (_, nth) => first + nth * apart)
  return { labels: labelsOf(labels), times, values: times.map(at), stale: null }
}

/** Series by name alone. */
export const findPlayed: FindSeries = (selection) => {
  const matches = testOfAll(selection.matchers)
  const series = playSeries.map(({ labels }) => labelsOf(labels)).filter(matches)
  return Promise.resolve({ series, warnings: [] })
}
