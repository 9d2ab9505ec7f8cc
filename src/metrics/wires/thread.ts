import { readlinkSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type Event } from '../statsd/said.ts'
import { listen, type Listening, type WireNews } from './listen.ts'
import { graphiteWire, statsdWire, type WireName } from './wire.ts'
import type { WiresConfig } from '../../config/metrics/wires.ts'

/** What the thread is told. */
export type WireOrder = Readonly<{ type: 'again'; wire: WireName }> | Readonly<{ type: 'close' }>

/** What it says. */
export type ThreadNews = WireNews | Readonly<{ type: 'event'; event: Event }> | Readonly<{ type: 'closed' }>

// A thread of its own: whatever the others are busy with, packets are taken.
if (parentPort !== null) {
  await goFirst()
  serve(workerData as WiresConfig, parentPort)
}

/** Where we may, packets go before all else that this machine computes: who sends them does not wait. */
async function goFirst(): Promise<void> {
  try {
    // Begins the threads that all share for their files: those that we begin later would have our rank.
    await stat('/proc/thread-self')
    // Linux ranks each thread by itself, under a number of its own.
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_HIGH)
  } catch {
    // Not everybody may, and nothing but haste is lost.
  }
}

function serve(config: WiresConfig, port: NonNullable<typeof parentPort>): void {
  const say = (news: ThreadNews) => port.postMessage(news)
  const open = new Map<WireName, Listening>()
  const [now, tell] = [Date.now, (event: Event) => say({ type: 'event', event })]
  if (config.statsd !== null)
    open.set('statsd', listen(statsdWire(config.statsd, { now, tell }), { now, say }))
  if (config.graphite !== null) open.set('graphite', listen(graphiteWire(config.graphite, now), { now, say }))
  port.on('message', (order: WireOrder) => {
    if (order.type === 'again') open.get(order.wire)?.again()
    else void closeAll(open, () => say({ type: 'closed' })).then(() => port.close())
  })
}

async function closeAll(open: ReadonlyMap<WireName, Listening>, said: () => void): Promise<void> {
  await Promise.all([...open.values()].map((listening) => listening.close()))
  said()
}
