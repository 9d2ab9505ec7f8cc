import type { TeamConfig } from '../../config/config.ts'
import type { WiresConfig } from '../../config/metrics/wires.ts'
import { type Marked, marksAbout } from '../../change/occurrence.ts'
import type { MetricsSide, Receipt } from '../../metrics/metrics-side.ts'
import type { Event } from '../../metrics/statsd/said.ts'
import { openWires, type Wires, type WiresWorld } from '../../metrics/wires/open-wires.ts'
import type { Store } from '../../store/store.ts'

type WiresOfHub = Readonly<{
  metrics: MetricsSide
  store: Store
  config: () => Promise<TeamConfig>
  tell: (line: string) => void
  broke: (thrown: unknown) => void
}>

export type WiresHere = Readonly<{
  /** Listens as tandem.ts says by now. */
  look: () => Promise<void>
  close: () => Promise<void>
}>

/** Listening for lines of StatsD and Graphite, as tandem.ts says; what was said otherwise since is heeded at the next look. */
export function wiresOfHub({ metrics, store, config, tell, broke }: WiresOfHub): WiresHere {
  const deliver = delivering(metrics, tell)
  const mark = (event: Event) => store.ledger.record(marksAbout, markOf(event), Date.now())
  const world: WiresWorld = { deliver, mark, tell, broke }
  let [said, open]: [string, Wires | null] = ['', null]
  let isClosed = false
  const look = async () => {
    const { statsd, graphite } = (await config()).metrics
    const wanted: WiresConfig = { statsd, graphite }
    const text = JSON.stringify(wanted)
    if (text === said || isClosed) return
    said = text
    // The ports have to be free again.
    await open?.close()
    open = statsd === null && graphite === null ? null : openWires(wanted, world)
    if (open !== null)
      void open.listening.then((places) =>
        places.forEach(({ address, port }, name) => tell(`${name} listens at ${address} port ${port}`)),
      )
  }
  return {
    look,
    close: async () => {
      isClosed = true
      await open?.close()
    },
  }
}

/** Refusals are told so often, each reason by itself. */
const toldMs = 60_000

function delivering(metrics: MetricsSide, tell: (line: string) => void): WiresWorld['deliver'] {
  const toldAt = new Map<string, number>()
  const tellSeldom = (line: string) => {
    if (Date.now() - (toldAt.get(line) ?? -Infinity) < toldMs) return
    toldAt.set(line, Date.now())
    tell(line)
  }
  return async (sender, body) => {
    const receipt = await metrics.take({
      protocol: sender,
      body,
      contentType: '',
      contentEncoding: '',
      sender,
      atMs: Date.now(),
      labels: {},
      honour: { labels: true, times: true },
    })
    const trouble = troubleIn(receipt)
    if (trouble !== null) tellSeldom(`${sender}: ${trouble}`)
    return receipt.type === 'taken'
  }
}

function troubleIn(receipt: Receipt): string | null {
  switch (receipt.type) {
    case 'taken': {
      const reasons = Object.keys(receipt.refused)
      return reasons.length === 0 ? null : `samples were refused: ${reasons.join(', ')}`
    }
    case 'later':
      return receipt.what
    case 'malformed':
      // It is sent again with all names.
      return null
  }
}

function markOf({ atMs, title, text, host, source, kind, tags }: Event): Marked {
  const labels = Object.entries(tags).map(([name, value]) => `${name}:${value}`)
  return {
    type: 'marked',
    title,
    text,
    tags: [...(kind === 'info' ? [] : [kind]), ...labels].slice(0, 50),
    who: source ?? host ?? 'statsd',
    sender: 'dogstatsd',
    from: atMs,
    until: null,
  }
}
