import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import type { Stream } from './hammer-exchanges.ts'
import type { Tally } from './hammer-tally.ts'
import type { Front } from './http-connection.ts'

export type SocketsSort = Readonly<{
  fronts: readonly Front[]
  connections: number
  path: string
  silenceLimitMs: number
}>

const AFTER_FAILURE_MS = 100
const WATCH_EVERY_MS = 500
const GOODBYE_LIMIT_MS = 200
// Normal, going away, service restart: the server says goodbye and the client is expected to come back.
const GOODBYES = [1000, 1001, 1012]

/** WebSockets on which each message must come back unchanged. A goodbye is no failure, any other end is. */
export function echoSockets(spec: SocketsSort, tally: Tally): Stream {
  const sockets = Array.from({ length: spec.connections }, (_, index) => {
    const front = spec.fronts[index % spec.fronts.length]
    if (!front) throw new Error('a hammer needs at least one front URL')
    return new EchoSocket(`ws://${front.authority}${spec.path}`, spec.silenceLimitMs, tally)
  })
  // Looked at now and then instead of a timer per message.
  const watching = setInterval(() => {
    for (const socket of sockets) socket.endIfSilent()
  }, WATCH_EVERY_MS)
  let sent = 0
  let turn = 0
  const nextIdle = (): EchoSocket | undefined => {
    for (let tries = 0; tries < sockets.length; tries += 1) {
      turn = (turn + 1) % sockets.length
      const candidate = sockets[turn]
      if (candidate?.isIdle) return candidate
    }
    return undefined
  }
  return {
    issue: () => {
      const socket = nextIdle()
      if (!socket) return false
      sent += 1
      socket.send(`message ${sent}`)
      return true
    },
    pending: () => sockets.filter((socket) => socket.isWaiting).length,
    close: () => {
      clearInterval(watching)
      for (const socket of sockets) socket.close()
    },
  }
}

/** One WebSocket that is opened again whenever it ends, with at most one message under way. */
class EchoSocket {
  readonly #url: string
  readonly #silenceLimitMs: number
  readonly #tally: Tally
  #socket: WebSocket
  #isClosed = false
  #again: NodeJS.Timeout | undefined
  /** The message that waits for its echo; sent again on the next connection when the server said goodbye. */
  #waiting: Readonly<{ text: string; since: number }> | undefined

  constructor(url: string, silenceLimitMs: number, tally: Tally) {
    this.#url = url
    this.#silenceLimitMs = silenceLimitMs
    this.#tally = tally
    this.#socket = this.#open()
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  get isIdle(): boolean {
    return !this.#waiting && this.#socket.readyState === WebSocket.OPEN
  }

  send(text: string): void {
    this.#waiting = { text, since: performance.now() }
    this.#socket.send(text)
  }

  endIfSilent(): void {
    if (this.#waiting && this.#waiting.since < performance.now() - this.#silenceLimitMs)
      this.#socket.terminate()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#again)
    this.#socket.close(1000)
    setTimeout(() => this.#socket.terminate(), GOODBYE_LIMIT_MS)
  }

  #open(): WebSocket {
    const socket = new WebSocket(this.#url, {
      perMessageDeflate: false,
      handshakeTimeout: this.#silenceLimitMs,
    })
    let trouble = ''
    socket.on('open', () => {
      if (this.#waiting) socket.send(this.#waiting.text)
    })
    socket.on('message', (bytes) => this.#echoed(textOf(bytes)))
    socket.on('error', (error) => {
      trouble = `: ${error.message}`
    })
    socket.on('close', (code) => this.#ended(code, trouble))
    return socket
  }

  #echoed(text: string): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting?.text === text) this.#tally.succeeded('socket', performance.now() - waiting.since, undefined)
    else
      this.#tally.failed('socket', `sent ${waiting?.text ?? 'nothing'}, got ${text.slice(0, 80)}`, undefined)
  }

  #ended(code: number, trouble: string): void {
    if (this.#isClosed) return
    const isGoodbye = GOODBYES.includes(code)
    if (!isGoodbye) {
      this.#tally.failed('socket', `closed with code ${code}${trouble}`, undefined)
      this.#waiting = undefined
    }
    const reopen = () => {
      this.#socket = this.#open()
    }
    this.#again = setTimeout(reopen, isGoodbye ? 0 : AFTER_FAILURE_MS)
  }
}

function textOf(bytes: RawData): string {
  return Buffer.isBuffer(bytes) ? bytes.toString('utf8') : ''
}
