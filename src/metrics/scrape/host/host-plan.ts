import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { shLine } from '../../../remote/quote.ts'
import type { Look } from '../../../remote/remote.ts'

/** What a host is to say of itself and of what runs there. */
export type HostPlan = Readonly<{
  host: string
  intervalMs: number
  /** In each how many frames it says how it is itself; 0 = in none. */
  every: number
  /** Where our files are there, and the socket of its front. */
  root: string
  socket: string
  /** The targets that the host and its front are; null when they are not asked. */
  own: string | null
  front: string | null
  asks: readonly HostAsk[]
}>

export type HostAsk = Readonly<{
  /** The target. */
  id: string
  every: number
  timeoutMs: number
  bytes: number
  /** A port of the loopback, or an app and the ports of its slots. */
  where: string
  path: string
  /** The app, when it is one: then its release is known. */
  place: string | null
  /** The header that opens it; empty where it is open. */
  authorization: string
}>

/** Comments are for us: they need not travel. */
const program = readFileSync(new URL('sight.pl', import.meta.url), 'utf8').replaceAll(/^\s*(#.*)?\n/gm, '')

/** A session is begun anew from time to time, so that nothing that piles up anywhere does so for ever. */
const limitMs = 12 * 3_600_000

/** What is sent to a host: it looks, prints and changes nothing, until nobody listens. */
export function sightProgram(plan: HostPlan, delayMs: number): Look {
  const { intervalMs, every, root, socket, asks } = plan
  const words = asks.map(({ every: nth, timeoutMs, bytes, where, path }, at) =>
    [at, nth, timeoutMs / 1000, bytes, where, path].join(' '),
  )
  const keys = asks.map(({ authorization }, at) => keyLine(at, authorization)).join('')
  const numbers = [intervalMs / 1000, delayMs / 1000, every].map(String)
  return {
    id: `sight-${randomBytes(6).toString('hex')}`,
    script: `exec ${shLine(['perl', '-e', program, '--', ...numbers, root, socket, ...words])}`,
    frames: keys === '' ? [] : [{ name: 'keys', bytes: Buffer.from(keys) }],
    limitMs,
    secrets: asks.flatMap(({ authorization }) => secretsIn(authorization)),
    leavesNothing: false,
  }
}

/** Written so that nothing in it ends the line. */
function keyLine(at: number, authorization: string): string {
  return authorization === '' ? '' : `${at} ${Buffer.from(authorization).toString('hex')}\n`
}

/** What must never be shown of a header: what stands behind its first word, and the password in that. */
function secretsIn(authorization: string): readonly string[] {
  const [kind = '', said = ''] = authorization.split(' ', 2)
  if (kind !== 'Basic') return said === '' ? [] : [said]
  const both = Buffer.from(said, 'base64').toString()
  return [said, both.slice(both.indexOf(':') + 1)].filter((secret) => secret !== '')
}
