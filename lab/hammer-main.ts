import { parseArgs } from 'node:util'
import { DEFAULT_LOAD, startHammer } from './hammer.ts'
import type { HammerLoad } from './hammer.ts'

const USAGE = `usage: node lab/hammer-main.ts --url http://HOST:PORT [--url …] [--seconds N] [--get N] [--slow N]
         [--upload N] [--events N] [--socket N] [--silence SECONDS]
  --get, --slow, --upload, --socket  how many per second, 0 for none; --events: how many streams
  Ends after N seconds (default 10) or at SIGINT or SIGTERM, and prints the result as one line of JSON.
  Exit code 0: nothing failed; 1: something did.`

process.exitCode = await main()

async function main(): Promise<number> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      url: { ...text, multiple: true },
      seconds: { ...text, default: '10' },
      silence: { ...text, default: '10' },
      get: text,
      slow: text,
      upload: text,
      events: text,
      socket: text,
    },
  })
  if (!values.url) {
    console.error(USAGE)
    return 2
  }
  const running = startHammer({
    urls: values.url,
    load: loadOf(values),
    silenceLimitMs: Number(values.silence) * 1000,
  })
  await timeOrSignal(Number(values.seconds) * 1000)
  const result = await running.stop()
  const used = process.cpuUsage()
  console.log(JSON.stringify({ ...result, cpuSeconds: (used.user + used.system) / 1e6 }))
  return result.failed === 0 ? 0 : 1
}

type Amounts = Readonly<Partial<Record<keyof HammerLoad, string | undefined>>>

function loadOf(amounts: Amounts): HammerLoad {
  const rate = (sort: 'get' | 'slow' | 'upload' | 'socket') => {
    const perSecond = Number(amounts[sort] ?? DEFAULT_LOAD[sort].perSecond)
    return { perSecond, connections: perSecond === 0 ? 0 : DEFAULT_LOAD[sort].connections }
  }
  return {
    get: rate('get'),
    slow: { ...DEFAULT_LOAD.slow, ...rate('slow') },
    upload: { ...DEFAULT_LOAD.upload, ...rate('upload') },
    events: { streams: Number(amounts.events ?? DEFAULT_LOAD.events.streams) },
    socket: rate('socket'),
  }
}

function timeOrSignal(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        clearTimeout(timer)
        resolve()
      })
  })
}
