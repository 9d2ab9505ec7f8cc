import { setTimeout as pause } from 'node:timers/promises'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { percentile } from './figures.ts'

export type Door = Readonly<{ url: string; token: string }>

/** Somebody who looks at the hub all the while, twenty times a second. */
export type ApiTimes = Readonly<{
  stop: () => Promise<Readonly<{ p99: number; told: string }>>
}>

const [everyMs, longestMs] = [50, 30_000]

/** In a thread of its own, because the bench is busy: what it does itself must not look like the hub's slowness. */
export function watchApi(door: Door, path = '/api/changes'): ApiTimes {
  const worker = new Worker(new URL(import.meta.url), { workerData: { ...door, path } satisfies Watched })
  const said = new Promise<readonly number[]>((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('nobody looked at the hub to the end')))
  })
  said.catch(() => undefined)
  return {
    stop: async () => {
      worker.postMessage('stop')
      const times = await said
      const figures = [percentile(times, 0.5), percentile(times, 0.99), Math.max(0, ...times)]
      const [median, p99, worst] = figures.map((ms) => `${ms.toFixed(1)} ms`)
      const told = `the API meanwhile: ${times.length} calls, median ${median}, p99 ${p99}, worst ${worst}`
      return { p99: figures[1] ?? 0, told }
    },
  }
}

type Watched = Door & Readonly<{ path: string }>

/** Calls that find no hub because it is being started again are not counted; slow ones are. */
async function watch({ url, token, path }: Watched): Promise<void> {
  const times: number[] = []
  const headers = { authorization: `Bearer ${token}` }
  let isOver = false
  parentPort?.once('message', () => {
    isOver = true
  })
  while (!isOver) {
    const began = performance.now()
    const signal = AbortSignal.timeout(longestMs)
    const isAnswered = await fetch(`${url}${path}`, { headers, signal })
      .then(async (answer) => (await answer.text()) !== '' && answer.ok)
      .catch(() => signal.aborted)
    if (isAnswered) times.push(performance.now() - began)
    await pause(everyMs)
  }
  parentPort?.postMessage(times)
}

if (!isMainThread) await watch(workerData as Watched)
