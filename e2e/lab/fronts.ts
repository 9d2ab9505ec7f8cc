import { get } from 'node:http'
import type { Lab } from '../../lab/lab.ts'

/** What a host's front answers on `/`: the release that answered, or why nobody did. */
export type Answer = Readonly<{ host: string; status: number; release: string }>

const limitMs = 3_000

/** Asks every host through its front, over a connection of its own. Status 0: nobody answered. */
export function askFronts(lab: Lab, port: number): Promise<readonly Answer[]> {
  return Promise.all(lab.hosts.map((host) => ask(host.name, `http://${host.address}:${port}/`)))
}

function ask(host: string, url: string): Promise<Answer> {
  return new Promise((resolve) => {
    const none: Answer = { host, status: 0, release: '' }
    const request = get(url, { agent: false, timeout: limitMs }, (response) => {
      response.resume()
      const release = response.headers['x-release']
      resolve({ host, status: response.statusCode ?? 0, release: typeof release === 'string' ? release : '' })
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(none))
  })
}

/** The one release that all hosts answer with; `null` when they differ or one does not answer well. */
export function oneRelease(answers: readonly Answer[]): string | null {
  const first = answers[0]
  if (first === undefined) return null
  const isSame = answers.every(({ status, release }) => status === 200 && release === first.release)
  return isSame ? first.release : null
}
