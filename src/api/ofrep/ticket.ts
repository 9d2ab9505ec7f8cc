import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Store } from '../../store/store.ts'
import type { FlagKey } from '../wire/flags.ts'

/**
 * What the address of an event stream has in it, since a page cannot send a header along: that the key with this id may
 * listen for a day. It says nothing of the key itself.
 */
export type Ticket = Readonly<{ key: string; environment: string }>

const dayMs = 86_400_000
const room = 'flag-tickets'

/** What tickets are signed with: the same after the hub began anew, so that streams go on. */
export async function ticketSecret({ records }: Store): Promise<string> {
  const known = await records.get(room, 'secret')
  if (typeof known === 'string') return known
  const secret = randomBytes(32).toString('base64url')
  await records.put(room, 'secret', secret)
  return secret
}

/** The same all day long, so that the stream of a page is not opened anew each time it asks. */
export function ticketFor({ id, environment }: FlagKey, secret: string, now: number): string {
  const until = (Math.floor(now / dayMs) + 2) * dayMs
  const body = Buffer.from(JSON.stringify([id, environment, until])).toString('base64url')
  return `${body}.${signed(body, secret)}`
}

/** Null for one that is made up, or too old. */
export function ticketIn(text: string, secret: string, now: number): Ticket | null {
  const [body = '', signature = ''] = text.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(signed(body, secret))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const [key, environment, until] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [
    string,
    string,
    number,
  ]
  return until > now ? { key, environment } : null
}

function signed(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('base64url')
}
