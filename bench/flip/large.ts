import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FlipItem } from '../../src/api/wire/flags.ts'
import type { Flag } from '../../sdk/flag/flag.ts'
import { Replica } from '../../sdk/server/replica.ts'
import { EventReader } from '../../sdk/server/event-stream.ts'
import { readMessage, streamPath } from '../../sdk/wire/messages.ts'
import { median, percentile } from '../lib/figures.ts'
import { type FlagHub, written } from './flag-hub.ts'

/** What one changed flag of many costs on the wire and in a program, and what it costs to begin with all of them. */
export type LargeFigures = Readonly<{
  deltaBytes: number
  applyMsP99: number
  coldLoadMs: number
  /** The same, with what Node loads for the first request of a process. */
  startMs: number
  setBytes: number
}>

const atOnce = 500
const coldStarts = 9

export async function measureLarge(
  hub: FlagHub,
  { flags, deltas }: Readonly<{ flags: number; deltas: number }>,
): Promise<LargeFigures> {
  for (let from = 0; from < flags; from += atOnce) {
    const items = Array.from({ length: Math.min(atOnce, flags - from) }, (_, nth) => itemOf(from + nth, 10))
    await hub.flip(written(...items))
  }
  const listening = new Listening()
  const stop = new AbortController()
  const followed = listening.follow(hub, stop.signal)
  await until(() => listening.setBytes > 0)
  for (let nth = 0; nth < deltas; nth += 1)
    await hub.flip(written(itemOf((nth * 7919) % flags, 11 + (nth % 80))))
  await until(() => listening.deltas >= deltas)
  stop.abort()
  await followed
  const colds: number[] = []
  const starts: number[] = []
  for (let nth = 0; nth < coldStarts; nth += 1) {
    colds.push(await coldStart(hub, flags, 'no'))
    starts.push(await coldStart(hub, flags, 'first'))
  }
  return {
    deltaBytes: Math.max(...listening.deltaBytes),
    applyMsP99: percentile(listening.applyMs, 0.99),
    coldLoadMs: median(colds),
    startMs: median(starts),
    setBytes: listening.setBytes,
  }
}

/** A flag as teams have them: half are switches for some people, the rest is rolled out to a share of them. */
function itemOf(nth: number, percent: number): FlipItem {
  const id = `r${nth.toString(36)}`
  const flag: Flag = {
    type: 'boolean',
    on: true,
    variants: { on: true, off: false },
    default: 'off',
    off: 'off',
    rules: [
      { id: `${id}a`, when: { attribute: 'country', op: 'in', value: ['DE', 'AT', 'CH'] }, serve: 'on' },
      { id, share: { hash: 'tandem-1', salt: `${id}:`, weight: percent, of: 100 }, serve: 'on' },
    ],
    about: { owner: 'ada', description: `the ${nth}th thing that can be switched`, expires: '2027-01-31' },
  }
  return { flag: `team-${nth % 30}.feature-${nth}`, to: flag }
}

/** One program that follows, as the sdk does, and looks at the clock around what it does with each message. */
class Listening {
  readonly deltaBytes: number[] = []
  readonly applyMs: number[] = []
  /** All that came, also those that came together and were not measured alone. */
  deltas = 0
  setBytes = 0

  async follow({ process, key }: FlagHub, signal: AbortSignal): Promise<void> {
    const headers = { authorization: `Bearer ${key}` }
    const response = await fetch(new URL(streamPath, process.url), { headers, signal })
    const [reader, replica, decoder] = [new EventReader(), new Replica(() => {}), new TextDecoder()]
    try {
      for await (const bytes of response.body ?? []) {
        const began = performance.now()
        const events = reader.push(decoder.decode(bytes as Uint8Array, { stream: true }))
        for (const { event, data } of events) {
          const message = readMessage(event, data)
          if (message !== null) replica.take(message)
          if (event === 'full') this.setBytes = data.length
          if (event === 'delta') this.deltas += 1
        }
        const [first] = events
        if (events.length !== 1 || first?.event !== 'delta') continue
        this.applyMs.push(performance.now() - began)
        this.deltaBytes.push((bytes as Uint8Array).length)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

async function coldStart(
  { process: hub, key }: FlagHub,
  flags: number,
  isFirst: 'no' | 'first',
): Promise<number> {
  const child = fork(join(import.meta.dirname, 'cold-process.ts'), [hub.url, key, String(flags), isFirst], {
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  const [ms] = (await once(child, 'message')) as [number]
  await once(child, 'exit')
  return ms
}

async function until(isSo: () => boolean): Promise<void> {
  const limit = performance.now() + 120_000
  while (!isSo()) {
    if (performance.now() > limit) throw new Error('what was waited for did not come in 2 min')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
