import { request } from 'node:http'
import type { Sent } from '../../src/vcs/forges/webhook-sender.ts'

export type Posted = Readonly<{ status: number; ms: number }>

/** Posts a webhook, from an address of this machine that is given. */
export function post(port: number, path: string, { headers, body }: Sent, from: string): Promise<Posted> {
  const began = performance.now()
  const place = { host: '127.0.0.1', port, localAddress: from, agent: false, path, method: 'POST' }
  return new Promise((resolve, reject) => {
    const asking = request({ ...place, headers: { ...headers, 'content-length': Buffer.byteLength(body) } })
    asking.once('response', (answer) => {
      answer.resume()
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - began }))
    })
    asking.once('error', reject)
    asking.end(body)
  })
}

/** Addresses of this machine that take turns, so that none of them is made to wait. */
export const addressOf = (nth: number): string =>
  `127.0.${1 + (Math.floor(nth / 200) % 200)}.${1 + (nth % 200)}`
