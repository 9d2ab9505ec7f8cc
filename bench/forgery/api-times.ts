import { setTimeout as pause } from 'node:timers/promises'
import type { HubProcess } from '../../e2e/lab/hub-process.ts'
import { percentile } from '../lib/figures.ts'

/** Somebody who looks at the hub all the while, twenty times a second. */
export type ApiTimes = Readonly<{
  stop: () => Promise<Readonly<{ calls: number; p50: number; p99: number; worst: number }>>
}>

const everyMs = 50

/** Calls that find no hub because it is being started again are not counted; slow ones are. */
export function watchApi(hub: HubProcess): ApiTimes {
  const times: number[] = []
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      const began = performance.now()
      const isAnswered = await hub
        .client()
        .call('GET /api/changes')
        .then(
          () => true,
          () => false,
        )
      if (isAnswered) times.push(performance.now() - began)
      await pause(everyMs)
    }
  })()
  return {
    stop: async () => {
      isOver = true
      await watching
      const at = (share: number) => percentile(times, share)
      return { calls: times.length, p50: at(0.5), p99: at(0.99), worst: Math.max(0, ...times) }
    },
  }
}
