import type { ServerResponse } from 'node:http'
import type { EnvironmentFlags, FlagDelta } from '../wire/flags.ts'
import { deltaEvent, fullEvent, pingEvent, pingMs } from './messages.ts'

/** A program that follows: what it was told last, and whether it has yet to take that. */
type Reader = {
  readonly response: ServerResponse
  readonly secret: string
  rev: string
  /** Since when it takes nothing. */
  behindSince: number | null
}

/** Who takes nothing for so long is let go; it comes back for the whole. */
const patienceMs = 30_000

/**
 * Tells one environment to all who follow it. A message is made once for all. A reader that is slow is told nothing until
 * it has taken what it was sent, and then everything in one: nothing piles up here, however many are slow.
 */
export class Fan {
  readonly #here: EnvironmentFlags
  readonly #broke: (thrown: unknown) => void
  readonly #isGood: (secret: string) => Promise<boolean>
  readonly #readers = new Set<Reader>()
  #full: Readonly<{ rev: string; bytes: Buffer }> | null = null
  #timer: NodeJS.Timeout | null = null
  #leave: () => void = () => {}

  /** `isGood` says whether a key may still read; `broke` is told when it cannot say. */
  constructor(
    here: EnvironmentFlags,
    isGood: (secret: string) => Promise<boolean>,
    broke: (thrown: unknown) => void,
  ) {
    this.#broke = broke
    this.#here = here
    this.#isGood = isGood
  }

  get readers(): number {
    return this.#readers.size
  }

  /** Follows from `rev` on, or from nothing, as long as the key is good. */
  add(response: ServerResponse, rev: string | null, secret: string): void {
    const reader: Reader = { response, secret, rev: rev ?? '', behindSince: null }
    if (this.#readers.size === 0) this.#begin()
    this.#readers.add(reader)
    response.on('drain', () => this.#drained(reader))
    response.on('error', () => {})
    response.on('close', () => {
      this.#readers.delete(reader)
      if (this.#readers.size === 0) this.#end()
    })
    if (rev === this.#here.rev()) this.#send(reader, Buffer.from(pingEvent(rev)), rev)
    else this.#catchUp(reader)
  }

  #begin(): void {
    this.#leave = this.#here.subscribe((delta) => this.#tell(delta))
    this.#timer = setInterval(() => void this.#ping().catch(this.#broke), pingMs).unref()
  }

  #end(): void {
    this.#leave()
    if (this.#timer !== null) clearInterval(this.#timer)
  }

  #tell(delta: FlagDelta): void {
    const bytes = Buffer.from(deltaEvent(delta))
    for (const reader of this.#readers) if (reader.behindSince === null) this.#send(reader, bytes, delta.rev)
  }

  async #ping(): Promise<void> {
    const bytes = Buffer.from(pingEvent(this.#here.rev()))
    for (const reader of this.#readers) {
      const { behindSince } = reader
      if (behindSince === null) this.#send(reader, bytes, this.#here.rev())
      else if (performance.now() - behindSince > patienceMs) reader.response.destroy()
    }
    for (const [secret, readers] of Map.groupBy(this.#readers, (reader) => reader.secret))
      if (!(await this.#isGood(secret))) for (const { response } of readers) response.destroy()
  }

  #drained(reader: Reader): void {
    if (reader.behindSince === null) return
    reader.behindSince = null
    if (reader.rev !== this.#here.rev()) this.#catchUp(reader)
  }

  #catchUp(reader: Reader): void {
    const delta = this.#here.since(reader.rev)
    const rev = this.#here.rev()
    this.#send(reader, delta === null ? this.#fullBytes() : Buffer.from(deltaEvent(delta)), rev)
  }

  #fullBytes(): Buffer {
    const rev = this.#here.rev()
    if (this.#full?.rev !== rev) this.#full = { rev, bytes: Buffer.from(fullEvent(this.#here)) }
    return this.#full.bytes
  }

  #send(reader: Reader, bytes: Buffer, rev: string): void {
    reader.rev = rev
    if (!reader.response.write(bytes)) reader.behindSince = performance.now()
  }
}
