import { Worker } from 'node:worker_threads'
import type { Event } from '../statsd/said.ts'
import { threadEnvironment } from '../thread/environment.ts'
import type { ThreadNews, WireOrder } from './thread.ts'
import type { WireName } from './wire.ts'
import type { WiresConfig } from '../../config/metrics/wires.ts'

/** Where what comes in goes. */
export type WiresWorld = Readonly<{
  /** Takes samples of a wire; false when it lacks the names of what was sent. */
  deliver: (wire: WireName, flush: Uint8Array) => Promise<boolean>
  /** Writes an event of others down. */
  mark: (event: Event) => Promise<void>
  /** Says a line to whoever looks at the terminal of the hub. */
  tell: (line: string) => void
  broke: (thrown: unknown) => void
}>

export type Wires = Readonly<{
  /** Resolves when each wire listens or has said why not: the address and port of those that do. */
  listening: Promise<ReadonlyMap<WireName, Readonly<{ address: string; port: number }>>>
  /** Flushes once more, and ends. */
  close: () => Promise<void>
}>

const startedAnewMs = 1_000
/** Wrong lines are shown so often: more would drown what else the hub says. */
const badShownMs = 60_000

/** Listens for lines in a thread of its own, which is started anew when it breaks. */
export function openWires(config: WiresConfig, world: WiresWorld): Wires {
  const names = [config.statsd && 'statsd', config.graphite && 'graphite'].filter((name) => name !== null)
  const places = new Map<WireName, Readonly<{ address: string; port: number }>>()
  const settled = new Set<WireName>()
  const ready = Promise.withResolvers<typeof places>()
  const hear = hearing(world)
  let isClosing = false
  let restart: NodeJS.Timeout | null = null
  let running = start()

  function start() {
    const worker = new Worker(new URL('thread.ts', import.meta.url), {
      workerData: config,
      env: threadEnvironment(),
    })
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    worker.on('message', (news: ThreadNews) => {
      hear(news, (order) => worker.postMessage(order))
      if (news.type === 'listening') places.set(news.wire, { address: news.address, port: news.port })
      if (news.type === 'listening' || news.type === 'warning') settled.add(news.wire)
      if (settled.size === names.length) ready.resolve(places)
    })
    worker.on('error', (thrown) => {
      world.broke(thrown)
      if (!isClosing) restart = setTimeout(() => (running = start()), startedAnewMs).unref()
    })
    return { worker, ended }
  }

  return {
    listening: ready.promise,
    close: async () => {
      isClosing = true
      if (restart !== null) clearTimeout(restart)
      running.worker.postMessage({ type: 'close' } satisfies WireOrder)
      await running.ended
      await hear.done()
    },
  }
}

/** Does what news ask for, each wire's flushes one after the other. */
function hearing({ deliver, mark, tell, broke }: WiresWorld) {
  const shownAt = new Map<string, number>()
  let last: Promise<unknown> = Promise.resolve()
  const after = (work: () => Promise<unknown>) => {
    last = last.then(work).catch(broke)
  }
  const hear = (news: ThreadNews, order: (order: WireOrder) => void): void => {
    switch (news.type) {
      case 'flush':
        after(async () => {
          const isTaken = await deliver(news.wire, news.body).catch((thrown: unknown) => {
            broke(thrown)
            return false
          })
          if (!isTaken) order({ type: 'again', wire: news.wire })
        })
        return
      case 'event':
        after(() => mark(news.event))
        return
      case 'warning':
        tell(news.text)
        return
      case 'bad': {
        const key = `${news.wire} ${news.fault}`
        if (Date.now() - (shownAt.get(key) ?? -Infinity) < badShownMs) return
        shownAt.set(key, Date.now())
        tell(`${news.wire}: a line was refused (${news.fault}): ${news.line}`)
        return
      }
      case 'listening':
      case 'closed':
    }
  }
  return Object.assign(hear, { done: () => last })
}
