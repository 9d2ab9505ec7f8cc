import type { Delivery } from '../wire/counts.ts'
import { EventReader } from './event-stream.ts'
import { Patience } from './patience.ts'
import {
  type CountsBatch,
  countsPath,
  type Full,
  type Message,
  readMessage,
  setPath,
  StrangeMessage,
  streamPath,
} from '../wire/messages.ts'

/** The hub said no to the key: asking again soon is of no use. */
export class KeyRefused extends Error {}

/** How to reach a hub: its address, and the key of one environment. */
export type HubAddress = Readonly<{ hub: URL; key: string }>

const answerMs = 2500
const setLimit = 64 * 1024 * 1024

/** Two pings may be late, and a bit. */
const pingsMissed = 2.4

/** What programs ask of a hub, each with its limit of time. Failures are thrown. */
export class HubLink {
  readonly #address: HubAddress

  constructor(address: HubAddress) {
    this.#address = address
  }

  /**
   * Follows the stream from a state on, and gives each message to `take`, until that says false or the stream ends.
   * Throws when it cannot be opened, is broken, or is silent for more than two pings.
   */
  async follow(rev: string | null, take: (message: Message) => boolean, stop: AbortSignal): Promise<void> {
    const patience = new Patience(answerMs, stop)
    try {
      const headers = { accept: 'text/event-stream', ...(rev !== null && { 'last-event-id': rev }) }
      const response = await this.#fetch(streamPath, { headers, signal: patience.signal })
      mustBe(response, 'text/event-stream')
      const reader = new EventReader()
      for await (const text of piecesOf(response, patience))
        for (const { event, data } of reader.push(text)) {
          const message = readMessage(event, data)
          if (message === null) continue
          if (message.type !== 'delta') patience.allow(message.pingMs * pingsMissed)
          if (!take(message)) return
        }
    } finally {
      patience.over()
    }
  }

  /** The whole set, or null when the hub still has this state. */
  async poll(rev: string | null, stop: AbortSignal): Promise<Full | null> {
    const patience = new Patience(answerMs, stop)
    try {
      const headers = { accept: 'application/json', ...(rev !== null && { 'if-none-match': `"${rev}"` }) }
      const response = await this.#fetch(setPath, { headers, signal: patience.signal })
      if (response.status === 304) return null
      mustBe(response, 'application/json')
      let text = ''
      for await (const piece of piecesOf(response, patience)) {
        text += piece
        if (text.length > setLimit)
          throw new StrangeMessage(`the set of flags is longer than ${setLimit} characters`)
      }
      const message = readMessage('full', text)
      return message?.type === 'full' ? message : null
    } finally {
      patience.over()
    }
  }

  /** Brings a batch of counts. */
  async post(batch: CountsBatch, stop: AbortSignal): Promise<Delivery> {
    const patience = new Patience(answerMs, stop)
    try {
      const headers = { 'content-type': 'application/json' }
      const request = { method: 'POST', headers, body: JSON.stringify(batch), signal: patience.signal }
      const response = await this.#fetch(countsPath, request)
      await response.body?.cancel()
      if (response.ok) return 'taken'
      const mayLater = response.status >= 500 || response.status === 429 || response.status === 408
      return mayLater ? { retryAfterMs: retryAfterMs(response.headers.get('retry-after')) } : 'refused'
    } finally {
      patience.over()
    }
  }

  async #fetch(path: string, request: RequestInit): Promise<Response> {
    const { hub, key } = this.#address
    const headers = { ...(request.headers as Record<string, string>), authorization: `Bearer ${key}` }
    const response = await fetch(new URL(path, hub), { ...request, headers, redirect: 'error' })
    if (response.status !== 401 && response.status !== 403) return response
    throw new KeyRefused(`the hub at ${hub.origin} refused the key (${response.status})`)
  }
}

async function* piecesOf(response: Response, patience: Patience): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const bytes of response.body ?? []) {
    patience.heard()
    yield decoder.decode(bytes as Uint8Array, { stream: true })
  }
}

function mustBe(response: Response, type: string): void {
  const found = response.headers.get('content-type') ?? 'nothing'
  if (response.status === 200 && found.startsWith(type)) return
  throw new StrangeMessage(`${new URL(response.url).pathname} answered ${response.status} with ${found}`)
}

const usualRetryMs = 10_000
const longestRetryMs = 60_000

/** A header that gives seconds; a date or nothing is the usual. */
function retryAfterMs(header: string | null): number {
  return header !== null && /^\d{1,6}$/.test(header)
    ? Math.min(Number(header) * 1000, longestRetryMs)
    : usualRetryMs
}
