import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Flags } from '../flags.ts'
import { Counts } from '../wire/counts.ts'
import { HubLink, KeyRefused } from './hub-link.ts'
import { type LastKnown, LastKnownFile } from './last-known.ts'
import { Replica } from './replica.ts'
import { Troubles } from './troubles.ts'

/** Where flags come from, and what is done when they do not. */
export type ConnectOptions = Readonly<{
  /** The address of the hub: `https://hub.example.org:7700`. */
  hub: string
  /** The server key of one environment. */
  key: string
  /**
   * Where the flags are kept between runs, such as `/var/lib/shop/flags.json`: with it the program starts, and goes on,
   * without the hub. The folder is made, the file is for this program alone.
   */
  file?: string
  /** How long to wait for the hub where nothing is kept; 2000 without it. */
  waitMs?: number
  /** How often counts are sent to the hub; every 10000 without it. */
  countsMs?: number
  /** Told what went wrong, in a sentence, at most once a minute each; without it, a warning of the process. */
  onTrouble?: (trouble: string) => void
}>

/**
 * `live`: the hub is heard. `stale`: it is not, and answers are those last known. `empty`: nothing was ever known, and
 * answers are the program's own.
 */
export type Status = Readonly<{
  state: 'live' | 'stale' | 'empty'
  rev: string | null
  trouble: string | null
}>

const usualWaitMs = 2000
const usualCountsMs = 10_000
const closeMs = 3000
const refusedMs = 30_000
const gapMs = 200

/**
 * Flags that are kept up to date from a hub. Resolves when they are known, from the hub or from the file, at the latest
 * after `waitMs`; it never rejects because a hub is away. Throws when the address is none or the key is empty.
 */
export async function connect(options: ConnectOptions): Promise<LiveFlags> {
  const flags = new LiveFlags(options)
  await flags.ready(options.waitMs ?? usualWaitMs)
  return flags
}

/** Flags that follow a hub until they are closed. */
export class LiveFlags extends Flags {
  readonly #replica: Replica
  readonly #link: HubLink
  readonly #file: LastKnownFile | null
  readonly #counts: Counts
  readonly #troubles: Troubles
  readonly #stop = new AbortController()
  readonly #listeners = new Set<Listener>()
  readonly #running: Promise<unknown>
  #wake: () => void = () => {}
  readonly #known: Promise<void>
  #closing: Promise<void> | null = null

  constructor({ hub, key, file, countsMs, onTrouble }: ConnectOptions) {
    const address = { hub: addressOf(hub), key: keyOf(key) }
    const replica = new Replica((keys) => this.#changed(keys))
    super(replica.table, replica.knowledge)
    this.#replica = replica
    this.#link = new HubLink(address)
    this.#file = file === undefined ? null : new LastKnownFile(file, scopeOf(address))
    this.#troubles = new Troubles(onTrouble ?? warn)
    this.#counts = new Counts(
      randomUUID(),
      () => this.takeCounts(),
      (count, why) => this.#troubles.say(`${count} answers of flags are not counted: ${why}`),
    )
    this.#known = new Promise((resolve) => (this.#wake = resolve))
    this.#running = this.#run(countsMs ?? usualCountsMs)
  }

  /** Resolves when flags are known, or after so long. */
  async ready(waitMs: number): Promise<void> {
    const waited = new AbortController()
    const limit = pause(waitMs, undefined, { signal: waited.signal }).catch(() => {})
    await Promise.race([this.#known, limit])
    waited.abort()
  }

  status(): Status {
    const { isKnown, isStale } = this.#replica.knowledge
    const state = isKnown ? (isStale ? 'stale' : 'live') : 'empty'
    return { state, rev: this.#replica.rev, trouble: state === 'live' ? null : this.#troubles.last }
  }

  /** Has `listener` told of flags that may answer otherwise from now on; calling what is returned ends it. */
  onChange(listener: (keys: readonly string[]) => void): () => void {
    return this.#listen({ changed: listener, status: () => {} })
  }

  /** Has `listener` told when the state of the connection is another one. */
  onStatus(listener: (status: Status) => void): () => void {
    return this.#listen({ changed: () => {}, status: listener })
  }

  /** Sends what was counted, writes what is to be kept, and ends. Answers go on as they are, and are not counted. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#stop.abort()
    await this.#running
    const limit = AbortSignal.timeout(closeMs)
    try {
      await this.#counts.send((batch) => this.#link.post(batch, limit))
      this.#counts.abandon('the program ended, and the hub did not take them')
    } catch (error) {
      this.#counts.abandon(`the program ended, and the hub was not reached: ${reasonOf(error)}`)
    }
    await this.#file?.settled()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #run(countsMs: number): Promise<void> {
    await this.#recall()
    await Promise.all([this.#follow(), this.#count(countsMs)])
  }

  async #recall(): Promise<void> {
    try {
      const kept = (await this.#file?.read()) ?? null
      if (kept === null) return
      this.#replica.recall(kept)
      this.#wake()
    } catch (error) {
      this.#troubles.say(`kept flags are not used: ${reasonOf(error)}`)
    }
  }

  /** The stream while there is one; between two tries the whole set is asked for, for where streams do not get through. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop
    let isWhole = true
    while (!signal.aborted) {
      let waitMs: number
      try {
        isWhole = await this.#stream(isWhole)
        waitMs = isWhole ? await this.#between(null) : Math.random() * gapMs
      } catch (error) {
        waitMs = await this.#between(error)
      }
      await pause(waitMs, undefined, { signal }).catch(() => {})
    }
  }

  /** Follows until the stream ends; false when a message was missing, so that the next one must begin with the whole. */
  async #stream(isWhole: boolean): Promise<boolean> {
    let hasGap = false
    const take = (message: Parameters<Replica['take']>[0]): boolean => {
      const before = this.status().state
      const applied = this.#replica.take(message)
      hasGap = applied === 'gap'
      if (hasGap) return false
      this.#wake()
      if (before !== 'live') this.#tellStatus()
      if (applied === 'changed') this.#keep()
      return true
    }
    await this.#link.follow(isWhole ? this.#replica.rev : null, take, this.#stop.signal)
    return !hasGap
  }

  async #poll(): Promise<void> {
    const before = this.status().state
    const full = await this.#link.poll(this.#replica.rev, this.#stop.signal)
    if (full === null) this.#replica.confirm()
    else if (this.#replica.take(full) === 'changed') this.#keep()
    this.#wake()
    if (before !== this.status().state) this.#tellStatus()
  }

  /** There is no stream. Where the set can still be had nothing is stale. Returns how long to wait. */
  async #between(streamError: unknown): Promise<number> {
    let last = streamError
    try {
      if (this.#stop.signal.aborted) return 0
      if (!(streamError instanceof KeyRefused)) {
        await this.#poll()
        return againMs()
      }
    } catch (error) {
      last = error
    }
    const before = this.status().state
    this.#replica.lose()
    if (!this.#stop.signal.aborted) this.#troubles.say(`flags are not up to date: ${reasonOf(last)}`)
    if (before !== this.status().state) this.#tellStatus()
    return last instanceof KeyRefused ? refusedMs : againMs()
  }

  async #count(usualMs: number): Promise<void> {
    const { signal } = this.#stop
    let waitMs = usualMs
    while (!signal.aborted) {
      await pause(waitMs * (0.9 + Math.random() * 0.2), undefined, { signal, ref: false }).catch(() => {})
      if (signal.aborted) return
      try {
        waitMs = (await this.#counts.send((batch) => this.#link.post(batch, signal))) ?? usualMs
      } catch (error) {
        waitMs = usualMs
        if (!signal.aborted) this.#troubles.say(`counts wait for the hub: ${reasonOf(error)}`)
      }
    }
  }

  #changed(keys: readonly string[]): void {
    for (const { changed } of this.#listeners) this.#tell(() => changed(keys))
  }

  #tellStatus(): void {
    const status = this.status()
    for (const listener of this.#listeners) this.#tell(() => listener.status(status))
  }

  #tell(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#troubles.say(`a listener to flags failed: ${reasonOf(error)}`)
    }
  }

  #keep(): void {
    this.#file?.write(
      (): LastKnown => ({ rev: this.#replica.rev ?? '', all: this.#replica.table.definitions() }),
      (error) => this.#troubles.say(`flags are not kept for the next start: ${reasonOf(error)}`),
    )
  }
}

/** Soon, but not everybody at once. */
function againMs(): number {
  return 300 + Math.random() * 700
}

type Listener = Readonly<{ changed: (keys: readonly string[]) => void; status: (status: Status) => void }>

function warn(trouble: string): void {
  process.emitWarning(trouble, 'TandemWarning')
}

function addressOf(hub: string): URL {
  const address = URL.canParse(hub) ? new URL(hub) : null
  if (address === null || !/^https?:$/.test(address.protocol))
    throw new TypeError(`hub is '${hub}'; write the address of the hub, such as https://hub.example.org:7700`)
  return address
}

function keyOf(key: string): string {
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new TypeError('key is empty, or has spaces in it; write the server key of an environment')
  return key
}

function scopeOf({ hub, key }: Readonly<{ hub: URL; key: string }>): string {
  return createHash('sha256').update(`${hub.origin}\n${key}`).digest('hex')
}

/** What went wrong, down to its cause: `fetch failed` alone helps nobody. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
