import { setTimeout as pause } from 'node:timers/promises'
import type { Flag } from '../sdk/flag/flag.ts'
import { Crowd, flagKey } from './flip/crowd.ts'
import { startFlagHub, type FlagHub, written } from './flip/flag-hub.ts'
import { measureLarge } from './flip/large.ts'
import { percentile, rounded } from './lib/figures.ts'
import { load, table } from './lib/table.ts'
import { numbersFrom } from './lib/words.ts'

/** Whoever has not seen a flip by then has missed it. */
const missedMs = 5_000

const knob = (value: number): Flag => ({
  type: 'number',
  on: true,
  variants: { now: value },
  default: 'now',
  off: 'now',
})

async function main(): Promise<void> {
  const asked = numbersFrom(process.argv.slice(2), {
    clients: 1_000,
    processes: 4,
    flips: 100,
    flags: 10_000,
    deltas: 500,
  })
  const hub = await startFlagHub()
  try {
    console.log(load())
    const latencies = await measureFlips(hub, asked)
    const due = asked.clients * asked.flips
    const large = await measureLarge(hub, asked)
    const figures = {
      clients: asked.clients,
      p50_ms: rounded(percentile(latencies, 0.5), 1),
      p99_ms: rounded(percentile(latencies, 0.99), 1),
      max_ms: rounded(percentile(latencies, 1), 1),
      missed: due - latencies.length,
      delta_bytes: large.deltaBytes,
      apply_ms_p99: rounded(large.applyMsP99, 3),
      cold_load_ms: rounded(large.coldLoadMs, 1),
      start_ms: rounded(large.startMs, 1),
    }
    console.log(
      table([
        ['flips', 'clients', 'p50 ms', 'p99 ms', 'max ms', 'missed'],
        [asked.flips, asked.clients, figures.p50_ms, figures.p99_ms, figures.max_ms, figures.missed],
      ]),
    )
    console.log(
      table([
        ['flags', 'bytes of all', 'bytes of one changed', 'apply p99 ms', 'cold load ms', 'from nothing ms'],
        [
          asked.flags,
          large.setBytes,
          figures.delta_bytes,
          figures.apply_ms_p99,
          figures.cold_load_ms,
          figures.start_ms,
        ],
      ]),
    )
    console.log(load())
    console.log(JSON.stringify(figures))
  } finally {
    await hub.close()
  }
}

type Asked = Readonly<{ clients: number; processes: number; flips: number }>

/** From the order leaving until a program answers by it, for each program and each flip. */
async function measureFlips(hub: FlagHub, { clients, processes, flips }: Asked): Promise<readonly number[]> {
  await hub.flip(written({ flag: flagKey, to: knob(0) }))
  const crowd = new Crowd({ hub: hub.process.url, key: hub.key }, clients, processes)
  const latencies: number[] = []
  try {
    await crowd.ready()
    for (let value = 1; value <= flips; value += 1) {
      const began = performance.timeOrigin + performance.now()
      await hub.order(written({ flag: flagKey, to: knob(value) }))
      const limit = performance.now() + missedMs
      while (crowd.seen(value).length < clients && performance.now() < limit) await pause(20)
      latencies.push(...crowd.seen(value).map((at) => at - began))
    }
  } finally {
    await crowd.end()
  }
  return latencies
}

await main()
