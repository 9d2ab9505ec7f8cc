import type { ServerResponse } from 'node:http'
import { encodeEvent } from '../client/sse.ts'
import type { EnvironmentFlags, FlagDelta } from '../wire/flags.ts'

const pingMs = 15_000
/** Each listener asks for all flags anew when it hears of a change: they are told in turns, unless something is switched off. */
const [perTurn, turnMs] = [500, 100]
/** Who has so much yet to take has gone away. */
const backlogBytes = 64 * 1024

/** A page asks, and then listens: what changes in between is told to it when it comes. */
const betweenMs = 15_000

type Listener = Readonly<{ response: ServerResponse; key: string }>

/** Tells those who listen that the flags of an environment changed, and nothing of how. */
export class Bell {
  readonly #here: EnvironmentFlags
  readonly #isGood: (key: string) => Promise<boolean>
  readonly #listeners = new Set<Listener>()
  /** Those who are still to be told of the newest change. */
  #waiting: Listener[] = []
  #turn: NodeJS.Timeout | null = null
  #timer: NodeJS.Timeout | null = null
  #changedAt = Number.NEGATIVE_INFINITY

  /** `isGood` says whether a key, by its id, may still listen. */
  constructor(here: EnvironmentFlags, isGood: (key: string) => Promise<boolean>) {
    this.#here = here
    this.#isGood = isGood
    here.subscribe((delta) => this.#tell(delta))
  }

  get listeners(): number {
    return this.#listeners.size
  }

  /** Somebody who heard of the state `rev` last, or of none. */
  add(response: ServerResponse, key: string, rev: string | null): void {
    const listener: Listener = { response, key }
    this.#timer ??= setInterval(() => void this.#ping(), pingMs).unref()
    this.#listeners.add(listener)
    response.on('error', () => {})
    response.on('close', () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#end()
    })
    response.write('retry: 2000\n\n')
    const isBehind = rev === null ? performance.now() - this.#changedAt < betweenMs : rev !== this.#here.rev()
    if (isBehind) this.#send(listener, this.#news())
  }

  #end(): void {
    this.#waiting = []
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    if (this.#turn !== null) clearTimeout(this.#turn)
    this.#turn = null
  }

  #tell({ flags }: FlagDelta): void {
    this.#changedAt = performance.now()
    const isOff = Object.values(flags).some((flag) => flag?.on === false)
    this.#waiting = [...this.#listeners]
    this.#nextTurn(isOff ? this.#waiting.length : perTurn)
  }

  #nextTurn(many: number): void {
    if (this.#turn !== null) clearTimeout(this.#turn)
    this.#turn = null
    const bytes = this.#news()
    for (const listener of this.#waiting.splice(0, many)) this.#send(listener, bytes)
    if (this.#waiting.length > 0) this.#turn = setTimeout(() => this.#nextTurn(perTurn), turnMs).unref()
  }

  async #ping(): Promise<void> {
    const bytes = encodeEvent({ event: 'message', id: null, data: '{"type":"ping"}' })
    for (const listener of this.#listeners) this.#send(listener, bytes)
    for (const [key, listeners] of Map.groupBy(this.#listeners, (each) => each.key))
      if (!(await this.#isGood(key))) for (const { response } of listeners) response.destroy()
  }

  #news(): string {
    const rev = this.#here.rev()
    const data = {
      type: 'refetchEvaluation',
      etag: JSON.stringify(rev),
      lastModified: Math.floor(Date.now() / 1000),
    }
    return encodeEvent({ event: 'message', id: rev, data: JSON.stringify(data) })
  }

  #send({ response }: Listener, bytes: string): void {
    if (response.writableLength > backlogBytes) response.destroy()
    else response.write(bytes)
  }
}
