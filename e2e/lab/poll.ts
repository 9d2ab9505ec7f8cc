import { get } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Lab } from '../../lab/lab.ts'

/** One answer that somebody got through a front. Status 0: none. */
export type Seen = Readonly<{ host: string; at: number; status: number; release: string }>

export type Poll = Readonly<{ soFar: () => readonly Seen[]; stop: () => Promise<readonly Seen[]> }>

const limitMs = 5_000

/** Asks every host for `/` again and again, one request at a time each, over a new connection each time. */
export function pollFronts(lab: Lab, port: number, everyMs = 20): Poll {
  const seen: Seen[] = []
  const stopping = new AbortController()
  const asking = lab.hosts.map(async ({ name, address }) => {
    while (!stopping.signal.aborted) {
      const answer = await ask(`http://${address}:${port}/`)
      seen.push({ host: name, at: performance.now(), ...answer })
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })
  return {
    soFar: () => seen,
    stop: async () => {
      stopping.abort()
      await Promise.all(asking)
      return seen
    },
  }
}

/** The hosts on which somebody got an answer of this release. */
export function hostsThatGave(seen: readonly Seen[], release: string): readonly string[] {
  return [...new Set(seen.filter((one) => one.release === release).map(({ host }) => host))]
}

function ask(url: string): Promise<Pick<Seen, 'status' | 'release'>> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: limitMs }, (response) => {
      response.resume()
      response.on('error', () => resolve({ status: 0, release: '' }))
      response.on('end', () => {
        const release = response.headers['x-release']
        resolve({
          status: response.statusCode ?? 0,
          release: typeof release === 'string' ? release : '',
        })
      })
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve({ status: 0, release: '' }))
  })
}
