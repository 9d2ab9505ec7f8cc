import type { MetricsApi } from '../../metrics-api.ts'
import type { PanelQuery } from './panel.ts'
import { type Answer, timesOf } from './series.ts'
import { firstMs, latest, type Span, stepOf, usualMs, weekMs, windowOf } from './span.ts'

export type GraphWish = Readonly<{ span: Span; stepMs: number; lastWeek: boolean; signal: AbortSignal }>

type Ranges = Pick<MetricsApi, 'range'>

/** Asks for all numbers of a panel. */
export function askGraph(
  api: Ranges,
  queries: readonly PanelQuery[],
  wish: GraphWish,
): Promise<readonly Answer[]> {
  const { span, stepMs, lastWeek, signal } = wish
  const times = timesOf(span, stepMs)
  const asked = { fromMs: times[0] ?? span.fromMs, toMs: times.at(-1) ?? span.toMs }
  const weekBefore = { fromMs: asked.fromMs - weekMs, toMs: asked.toMs - weekMs }
  return Promise.all(
    queries.map(async (query) => {
      const text = query.query.replaceAll('$window', windowOf(stepMs))
      const [now, before] = await Promise.all([
        api.range(text, asked, stepMs, signal),
        lastWeek ? api.range(text, weekBefore, stepMs, signal) : null,
      ])
      return { query, now, before }
    }),
  )
}

/** How much time is shown where nobody has said it: it is asked how old the numbers are. */
export async function askFirstMs(api: Ranges, now: number, signal: AbortSignal): Promise<number> {
  const span = latest(usualMs, now)
  const [found] = await api.range('count(up)', span, stepOf(span), signal)
  const oldest = found?.points[0]?.[0]
  return firstMs(oldest === undefined ? null : oldest * 1_000, now)
}
