import type { ChangeView } from './wire.ts'

/** What a graph marks: a change, or what another system said. Times are milliseconds since the Unix epoch. */
export type MarkView = ChangeMarkView | OtherMarkView

export type ChangeMarkView = Readonly<{
  type: 'change'
  /** When it first touched anything; null as long as it has not. */
  startedAt: number | null
}> &
  Omit<ChangeView, 'fenced' | 'trouble' | 'stage' | 'steps'>

export type OtherMarkView = Readonly<{
  type: 'other'
  /** Its number in the ledger. */
  seq: number
  sender: 'grafana' | 'graphite' | 'dogstatsd'
  title: string
  text: string
  tags: readonly string[]
  who: string
  from: number
  /** Null for what happened at a moment. */
  until: number | null
}>

/** Marks on graphs come from the ledger, never from samples. */
export type MarkRoutes = {
  /**
   * ?from= &to=: all that was under way in that span. `isCut`: there were more than an answer holds; these are the newest.
   * `seq`: how far the ledger was at least when they were read, so that whoever follows it knows what is newer than the answer.
   */
  'GET /api/marks': { marks: readonly MarkView[]; isCut: boolean; seq: number }
  /** The body of Grafana: { text, tags, time, timeEnd }, times in milliseconds. */
  'POST /api/annotations': { message: string; id: number }
  /** The body of Graphite, at the address that Grafana has for it: { what, tags, when, data }, `when` in seconds. */
  'POST /api/annotations/graphite': { message: string; id: number }
  /** The same at Graphite's own address, for senders whose Graphite is `HUB/api`. */
  'POST /api/events': { message: string; id: number }
}
