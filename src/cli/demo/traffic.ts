import { Agent, get } from 'node:http'

const everyMs = 100
const silenceLimitMs = 10_000
/** Beyond this many unanswered requests no new one is sent. */
const waitingLimit = 50

/** What visitors met: answers, answers that were the app's own errors (5xx), and requests that got no answer. */
export type Visits = Readonly<{ asked: number; errors: number; lost: number }>
export type Traffic = Readonly<{ visits: () => Visits; stop: () => Promise<void> }>

/** About ten people a second look at a page, each over a connection that stays open. */
export function startTraffic(port: number): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const counts = { asked: 0, errors: 0, lost: 0 }
  const waiting = new Set<Promise<void>>()
  const visiting = setInterval(() => {
    if (waiting.size >= waitingLimit) return
    counts.asked += 1
    const one = visit(port, agent)
      .then((status) => {
        if (status >= 500) counts.errors += 1
      })
      .catch(() => {
        counts.lost += 1
      })
      .finally(() => waiting.delete(one))
    waiting.add(one)
  }, everyMs)
  return {
    visits: () => ({ ...counts }),
    stop: async () => {
      clearInterval(visiting)
      await Promise.all(waiting)
      agent.destroy()
    },
  }
}

export const since = (now: Visits, before: Visits): Visits => ({
  asked: now.asked - before.asked,
  errors: now.errors - before.errors,
  lost: now.lost - before.lost,
})

/** The status, once the whole answer is here. */
export function visit(port: number, agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/', timeout: silenceLimitMs, agent }
    const asked = get(options, (answer) => {
      answer.on('error', reject).on('end', () => resolve(answer.statusCode ?? 0))
      answer.resume()
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', reject)
  })
}
