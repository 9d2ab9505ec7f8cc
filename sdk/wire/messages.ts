import type { Edit } from '../evaluate/table.ts'

/** What hub and programs say to each other about flags: docs/formats/flag-stream.md. */

export const streamPath = '/flags/v1/stream'
export const setPath = '/flags/v1/set'
export const countsPath = '/flags/v1/counts'

/** How often a hub pings that does not say it. */
export const usualPingMs = 5000

/** All flags and segments of the environment. `rev` names this state; it can be compared, and means nothing. */
export type Full = Readonly<{ type: 'full'; rev: string; pingMs: number; all: Edit }>

/** What changed from the state `prev` to the state `rev`. */
export type Delta = Readonly<{ type: 'delta'; rev: string; prev: string; edit: Edit }>

/** The hub is there, and this is the state that it has sent last. */
export type Ping = Readonly<{ type: 'ping'; rev: string; pingMs: number }>

export type Message = Full | Delta | Ping

/** One line of a batch: how often a flag came to something. */
export type CountLine = Readonly<{
  flag: string
  variant?: string
  rule?: string
  reason: string
  errorCode?: string
  count: number
}>

/** Counts since the batch before. The same client and batch are the same counts, however often they arrive. */
export type CountsBatch = Readonly<{
  client: string
  batch: number
  fromMs: number
  toMs: number
  counts: readonly CountLine[]
}>

/** A message that cannot be what a hub says. */
export class StrangeMessage extends Error {}

/** Reads the data of an event; null for events of later hubs, which are passed over. Throws StrangeMessage. */
export function readMessage(event: string, data: string): Message | null {
  if (event !== 'full' && event !== 'delta' && event !== 'ping') return null
  const message = parse(data)
  const rev = textOf(message, 'rev')
  if (event === 'ping') return { type: 'ping', rev, pingMs: pingOf(message) }
  const edit: Edit = { flags: membersOf(message, 'flags'), segments: membersOf(message, 'segments') }
  if (event === 'delta') return { type: 'delta', rev, prev: textOf(message, 'prev'), edit }
  return { type: 'full', rev, pingMs: pingOf(message), all: edit }
}

type Members = Readonly<Record<string, unknown>>

function parse(data: string): Members {
  let found: unknown
  try {
    found = JSON.parse(data)
  } catch (error) {
    throw new StrangeMessage('what the hub sent is no JSON', { cause: error })
  }
  if (!isMembers(found)) throw new StrangeMessage('what the hub sent is no object')
  return found
}

function isMembers(found: unknown): found is Members {
  return typeof found === 'object' && found !== null && !Array.isArray(found)
}

function textOf(message: Members, name: string): string {
  const found = message[name]
  if (typeof found !== 'string' || found === '') throw new StrangeMessage(`what the hub sent has no ${name}`)
  return found
}

function membersOf(message: Members, name: string): Members {
  const found = message[name]
  if (!isMembers(found)) throw new StrangeMessage(`what the hub sent has no ${name}`)
  return found
}

function pingOf({ pingMs }: Members): number {
  return typeof pingMs === 'number' && pingMs >= 10 && pingMs <= 60_000 ? pingMs : usualPingMs
}
