import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Trouble } from '../../change/trouble.ts'
import type { World } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import type { FlagKey } from '../wire/flags.ts'
import { makeRate, type Rate } from './rate.ts'

type Rates = Readonly<{ byServer: Rate; byBrowser: Rate; byStranger: Rate }>

/** What all ways in for programs share. */
export type Door = Readonly<{ side: HubSide; world: World; rates: Rates }>

/** Somebody who showed a key. */
export type Admitted = Readonly<{ key: FlagKey; secret: string }>

/** What is said to those who are not let in. */
export type Refused = Readonly<{ status: number; trouble: Trouble; retrySeconds?: number }>

const limits = {
  /** All programs of a fleet may come at once after a hub was away; one that turns in circles may not for long. */
  byServer: { perSecond: 200, most: 5_000, names: 10_000 },
  /** Everybody who has a page open shares the key of the page. */
  byBrowser: { perSecond: 1_000, most: 20_000, names: 10_000 },
  byStranger: { perSecond: 5, most: 100, names: 10_000 },
} as const

export function makeRates(): Rates {
  return {
    byServer: makeRate(limits.byServer),
    byBrowser: makeRate(limits.byBrowser),
    byStranger: makeRate(limits.byStranger),
  }
}

/** Whose key it is; or why they are not let in. */
export async function admit(
  { side, world, rates }: Door,
  request: IncomingMessage,
): Promise<Admitted | Refused> {
  const secret = secretIn(request)
  const key = secret === null ? null : await side.flags.keys.check(secret)
  const at = world.now()
  if (secret === null || key === null) {
    const retrySeconds = rates.byStranger.waitSeconds(request.socket.remoteAddress ?? '', at)
    return retrySeconds > 0 ? haste(retrySeconds) : { status: 401, trouble: strangerTrouble }
  }
  const rate = key.kind === 'server' ? rates.byServer : rates.byBrowser
  const retrySeconds = rate.waitSeconds(key.id, at)
  return retrySeconds > 0 ? haste(retrySeconds) : { key, secret }
}

function secretIn({ headers }: IncomingMessage): string | null {
  const bearer = /^Bearer +(\S{1,500})$/i.exec(headers.authorization ?? '')?.[1]
  const own = headers['x-api-key']
  return bearer ?? (typeof own === 'string' && /^\S{1,500}$/.test(own) ? own : null)
}

function haste(retrySeconds: number): Refused {
  return {
    status: 429,
    trouble: { what: 'it is asked too often', now: `wait ${retrySeconds} s` },
    retrySeconds,
  }
}

const strangerTrouble: Trouble = {
  what: 'this is no key of a program, or one that was revoked',
  now: 'make one with `tandem flag key new`, and give it to the program',
}

export const safeHeaders = { 'x-content-type-options': 'nosniff' } as const

export function refuse(response: ServerResponse, { status, trouble, retrySeconds }: Refused): void {
  response.writeHead(status, {
    ...safeHeaders,
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...(retrySeconds !== undefined && { 'retry-after': String(retrySeconds) }),
  })
  response.end(JSON.stringify({ trouble }))
}

export function pathIn({ url = '' }: IncomingMessage): string {
  return url.split('?')[0] ?? ''
}
