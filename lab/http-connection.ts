import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { readAnswer } from './http-answer.ts'
import type { AnswerReader } from './http-answer.ts'

export type Front = Readonly<{ host: string; port: number; authority: string }>

export type Exchange = Readonly<{
  send: (socket: Socket) => void
  onBody: (piece: Buffer) => void
  /** Called once: with the whole answer, or with why there is none. */
  done: (end: ExchangeEnd) => void
}>

export type ExchangeEnd =
  | Readonly<{ type: 'answer'; status: number; release: string | undefined }>
  | Readonly<{ type: 'failure'; cause: string }>

/**
 * One keep-alive connection that carries one exchange at a time, connecting when it has to. Node's own HTTP
 * client would cost several times the processor time and say less about how an answer broke off.
 */
export class HttpConnection {
  readonly #front: Front
  readonly #silenceLimitMs: number
  #socket: Socket | undefined
  #exchange: Exchange | undefined
  #reader: AnswerReader | undefined
  #carried = 0

  constructor(front: Front, silenceLimitMs: number) {
    this.#front = front
    this.#silenceLimitMs = silenceLimitMs
  }

  get isIdle(): boolean {
    return this.#exchange === undefined
  }

  start(exchange: Exchange): void {
    if (this.#exchange) throw new Error('this connection already carries an exchange')
    this.#exchange = exchange
    this.#reader = readAnswer(exchange.onBody)
    this.#socket ??= this.#connect()
    exchange.send(this.#socket)
  }

  /** Ends the connection; an exchange under way is dropped without a word. */
  close(): void {
    this.#exchange = undefined
    this.#drop()
  }

  #connect(): Socket {
    this.#carried = 0
    const socket = connect({ host: this.#front.host, port: this.#front.port, noDelay: true })
    const ifCurrent = (act: () => void) => () => {
      if (this.#socket === socket) act()
    }
    socket.setTimeout(this.#silenceLimitMs)
    socket.on('data', (bytes) => {
      if (this.#socket === socket) this.#take(bytes)
    })
    socket.on(
      'end',
      ifCurrent(() => this.#ended()),
    )
    socket.on('error', (error) => {
      if (this.#socket === socket) this.#broke(error)
    })
    socket.on(
      'timeout',
      ifCurrent(() => this.#silent()),
    )
    return socket
  }

  #take(bytes: Buffer): void {
    if (!this.#reader) return this.#drop()
    try {
      if (this.#reader.feed(bytes)) this.#answered(this.#reader)
    } catch (error) {
      this.#fail(`broken answer: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  #answered(reader: AnswerReader): void {
    this.#carried += 1
    if (!reader.keepsAlive()) this.#drop()
    this.#settle({ type: 'answer', status: reader.status(), release: reader.header('x-release') })
  }

  #ended(): void {
    if (this.#reader?.mayEndHere()) this.#answered(this.#reader)
    else this.#fail(`closed ${this.#where()}`)
  }

  #broke(error: NodeJS.ErrnoException): void {
    this.#fail(`${error.code ?? error.message} ${this.#where()}`)
  }

  #silent(): void {
    if (this.#exchange) this.#fail(`nothing came for ${this.#silenceLimitMs / 1000} s ${this.#where()}`)
  }

  // A reused connection that ends before a byte may be a race of keep-alive timeouts; the words tell it apart.
  #where(): string {
    if (this.#reader?.status()) return `in the middle of a ${this.#reader.status()} answer`
    return this.#carried > 0 ? 'before an answer, on a reused connection' : 'before an answer'
  }

  #fail(cause: string): void {
    this.#drop()
    if (this.#exchange) this.#settle({ type: 'failure', cause })
  }

  #settle(end: ExchangeEnd): void {
    const exchange = this.#exchange
    this.#exchange = undefined
    this.#reader = undefined
    exchange?.done(end)
  }

  #drop(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }
}
