import type { Resolution } from '../evaluate/outcome.ts'
import type { Count } from '../evaluate/table.ts'
import type { Context, FlagType, Json } from '../flag/flag.ts'
import { Counts, type Delivery } from '../wire/counts.ts'
import { type CountsBatch, countsPath } from '../wire/messages.ts'
import { type EventStream, isHidden, keep, onVisibility, openEvents, recall } from './browser.ts'
import { type Answer, type Answers, bulkPath, isChange, readAnswers } from './ofrep.ts'

/** Where answers come from, and for whom. */
export type WebOptions = Readonly<{
  /** The address of the hub: `https://hub.example.org:7700`. */
  hub: string
  /** The browser key of one environment. It is no secret: whoever has it gets answers, never rules. */
  key: string
  /** Who is asked for; see `setContext`. */
  context?: Context
  /** How long to wait for the hub where nothing is kept; 2000 without it. */
  waitMs?: number
  /** Told what went wrong, in a sentence. */
  onTrouble?: (trouble: string) => void
}>

/** An answer and how it came about, in the words of OpenFeature. */
export type WebDetails<T> = Readonly<{
  value: T
  variant?: string
  reason: string
  errorCode?: string
  errorMessage?: string
}>

const againMs = 10_000
const pollMs = 60_000
const countsMs = 30_000
const answerMs = 5000
/** Many changes within this are asked for once. */
const gatherMs = 50
/** When a stream is lost, all pages lose theirs: they do not all ask at once. */
const lostMs = 2000
/** A page that is hidden for so long leaves its connection to others. */
const sleepMs = 120_000

/**
 * The flags of one person. Resolves when they are known, from the hub or from the last visit, at the latest after
 * `waitMs`; it never rejects because a hub is away.
 */
export async function connectWeb(options: WebOptions): Promise<WebFlags> {
  const flags = new WebFlags(options)
  await flags.ready(options.waitMs ?? 2000)
  return flags
}

/** Answers of a hub for one person at a time, kept up to date until they are closed. Asking never waits and never throws. */
export class WebFlags {
  readonly #options: WebOptions
  readonly #listeners = new Set<() => void>()
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #forgetPage: () => void
  #context: Context
  #answers = new Map<string, Answer>()
  #overrides: Readonly<Record<string, Json>> = {}
  /** What every answer is called while the hub is not heard; null while it is. */
  #instead: 'CACHED' | 'STALE' | null = null
  #etag: string | null = null
  #events: EventStream | null = null
  #eventsUrl: string | null = null
  #asking: AbortController | null = null
  #first: Promise<void>
  #seen = new Map<string, { flag: string; resolution: Resolution; count: number }>()
  readonly #counts: Counts
  #isClosed = false

  constructor(options: WebOptions) {
    this.#options = options
    this.#context = options.context ?? {}
    this.#counts = new Counts(
      drawId(),
      () => this.#takeSeen(),
      (count, why) => this.#say(`${count} answers of flags are not counted: ${why}`),
    )
    this.#recall()
    this.#first = this.#ask()
    this.#later('counts', countsMs, () => this.#sendCounts())
    this.#forgetPage = onVisibility(() => this.#pageChanged())
  }

  /** Resolves when the hub has answered for the newest context, or something is kept for it, or after so long. */
  async ready(waitMs: number): Promise<void> {
    if (this.#answers.size > 0) return
    await Promise.race([this.#first, new Promise((resolve) => setTimeout(resolve, waitMs))])
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.details('boolean', key, fallback).value
  }

  string(key: string, fallback: string): string {
    return this.details('string', key, fallback).value
  }

  number(key: string, fallback: number): number {
    return this.details('number', key, fallback).value
  }

  object<T extends Json>(key: string, fallback: T): T {
    return this.details('object', key, fallback).value
  }

  /** The answer with its variant and reason, or with what went wrong. It is counted. */
  details<T extends Json>(type: FlagType, key: string, fallback: T): WebDetails<T> {
    const override = Object.hasOwn(this.#overrides, key) ? this.#overrides[key] : undefined
    const details =
      override === undefined
        ? detailsOf(this.#answers.get(key), type, fallback, this.#instead)
        : detailsOf({ key, value: override, variant: 'override', reason: 'STATIC' }, type, fallback, null)
    if (override === undefined) this.#count(key, details)
    return details
  }

  /** From now on for somebody else, or for the same person with other attributes. Resolves when it is so, or cannot be. */
  setContext(context: Context): Promise<void> {
    const isSame = context.targetingKey === this.#context.targetingKey
    this.#context = context
    this.#etag = null
    // What one person gets is nobody else's answer.
    if (!isSame) {
      this.#answers = new Map()
      this.#recall()
    }
    this.#first = this.#ask()
    return this.#first
  }

  /** For tests of your own: these flags have these values until what is returned is called. */
  override(values: Readonly<Record<string, Json>>): () => void {
    const before = this.#overrides
    this.#overrides = { ...before, ...values }
    this.#changed()
    return () => {
      this.#overrides = before
      this.#changed()
    }
  }

  /** Has `listener` told when answers may be others; calling what is returned ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Whether answers are those of an earlier time, because the hub is not heard. */
  get isStale(): boolean {
    return this.#instead !== null
  }

  /** Sends what was counted, and ends. Answers stay as they are. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#forgetPage()
    this.#asking?.abort()
    this.#events?.close()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    await this.#sendCounts()
    this.#counts.abandon('they were closed, and the hub did not take them')
  }

  async #ask(): Promise<void> {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const limit = setTimeout(() => asking.abort(), answerMs)
    const context = this.#context
    try {
      const answers = await this.#fetchAnswers(context, asking.signal)
      if (this.#asking !== asking) return
      if (answers !== null) this.#take(answers, context)
      this.#instead = null
      this.#listenTo(answers === null ? this.#eventsUrl : answers.events)
      this.#later('ask', pollMs * (0.9 + Math.random() * 0.2), () => this.#poll())
    } catch (error) {
      if (this.#asking !== asking || this.#isClosed) return
      this.#instead ??= 'STALE'
      this.#say(`flags are not up to date: ${String(error)}`)
      this.#later('ask', againMs * (0.5 + Math.random()), () => this.#ask())
    } finally {
      clearTimeout(limit)
    }
  }

  /** Null when they are as they were. */
  async #fetchAnswers(context: Context, signal: AbortSignal): Promise<Answers | null> {
    const { hub } = this.#options
    const headers = { ...this.#headers(), ...(this.#etag !== null && { 'if-none-match': this.#etag }) }
    const body = JSON.stringify({ context })
    const response = await fetch(new URL(bulkPath, hub), { method: 'POST', headers, body, signal })
    if (response.status === 304) return null
    if (!response.ok) throw new Error(`the hub answered ${response.status}`)
    return readAnswers(await response.json(), response.headers.get('etag'), hub)
  }

  #take({ flags, etag }: Answers, context: Context): void {
    this.#answers = new Map(flags.map((flag) => [flag.key, flag]))
    this.#etag = etag
    keep(this.#place(context), flags)
    this.#changed()
  }

  /** Where nothing tells of changes, they are asked for, while somebody looks. */
  #poll(): Promise<void> {
    const isHeard = this.#events?.readyState === 1
    if (!isHeard && !isHidden()) return this.#ask()
    this.#later('ask', pollMs, () => this.#poll())
    return Promise.resolve()
  }

  #listenTo(url: string | null): void {
    if (this.#isClosed || (url === this.#eventsUrl && this.#events !== null && this.#events.readyState !== 2))
      return
    this.#events?.close()
    this.#eventsUrl = url
    const events = url === null ? null : openEvents(url)
    this.#events = events
    if (events === null) return
    let wasLost = false
    events.onerror = () => {
      if (!wasLost) this.#later('ask', Math.random() * lostMs, () => this.#ask())
      wasLost = true
    }
    // What happened while it was lost was told to nobody.
    events.onopen = () => {
      if (wasLost) this.#askSoon()
      wasLost = false
    }
    events.onmessage = ({ data }) => {
      if (isChange(data)) this.#askSoon()
    }
  }

  #askSoon(): void {
    this.#later('ask', gatherMs * (1 + Math.random()), () => this.#ask())
  }

  #pageChanged(): void {
    if (!isHidden()) {
      this.#later('sleep', sleepMs, () => Promise.resolve())
      return this.#askSoon()
    }
    void this.#sendCounts()
    this.#later('sleep', sleepMs, async () => {
      this.#events?.close()
      this.#events = null
    })
  }

  #recall(): void {
    const kept = recall(this.#place(this.#context))
    if (!Array.isArray(kept)) return
    this.#answers = new Map(
      readAnswers({ flags: kept }, null, this.#options.hub).flags.map((flag) => [flag.key, flag]),
    )
    this.#instead = 'CACHED'
  }

  /** Who somebody is must not be readable in the store. */
  #place({ targetingKey = '' }: Context): string {
    const { hub, key } = this.#options
    return `tandem-flags ${digest(JSON.stringify([hub, key, targetingKey]))}`
  }

  #count(flag: string, details: WebDetails<unknown>): void {
    const { variant, reason, errorCode } = details
    const name = JSON.stringify([flag, variant, reason, errorCode])
    const known = this.#seen.get(name)
    if (known !== undefined) known.count += 1
    // The words are those of the hub, whatever they are.
    else this.#seen.set(name, { flag, resolution: { variant, reason, errorCode } as Resolution, count: 1 })
  }

  #takeSeen(): readonly Count[] {
    const seen = [...this.#seen.values()]
    this.#seen = new Map()
    return seen
  }

  async #sendCounts(): Promise<void> {
    if (!this.#isClosed) this.#later('counts', countsMs, () => this.#sendCounts())
    try {
      await this.#counts.send((batch) => this.#post(batch))
    } catch (error) {
      this.#say(`counts wait for the hub: ${String(error)}`)
    }
  }

  /** Goes on when the page is left meanwhile. */
  async #post(batch: CountsBatch): Promise<Delivery> {
    const request = { method: 'POST', headers: this.#headers(), body: JSON.stringify(batch), keepalive: true }
    const { ok, status } = await fetch(new URL(countsPath, this.#options.hub), request)
    if (ok) return 'taken'
    return status >= 500 || status === 429 ? { retryAfterMs: countsMs } : 'refused'
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#options.key}`, 'content-type': 'application/json' }
  }

  #later(name: string, waitMs: number, call: () => Promise<void>): void {
    clearTimeout(this.#timers.get(name))
    if (!this.#isClosed)
      this.#timers.set(
        name,
        setTimeout(() => void call(), waitMs),
      )
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  #say(trouble: string): void {
    this.#options.onTrouble?.(trouble)
  }
}

function detailsOf<T extends Json>(
  answer: Answer | undefined,
  type: FlagType,
  fallback: T,
  instead: string | null,
): WebDetails<T> {
  const error = (errorCode: string, errorMessage: string): WebDetails<T> => ({
    value: fallback,
    reason: 'ERROR',
    errorCode,
    errorMessage,
  })
  if (answer === undefined) return error('FLAG_NOT_FOUND', 'the hub gave no answer for this flag')
  const { value, variant, reason = 'UNKNOWN', errorCode, errorDetails = '' } = answer
  if (errorCode !== undefined) return error(errorCode, errorDetails)
  if (value === undefined) return { value: fallback, reason: instead ?? reason }
  if (typeof value !== type || value === null)
    return error('TYPE_MISMATCH', `the flag is of type ${typeof value}`)
  return { value: value as T, reason: instead ?? reason, ...(variant !== undefined && { variant }) }
}

function drawId(): string {
  return Array.from({ length: 4 }, () => Math.random().toString(36).slice(2)).join('')
}

/** Two times FNV-1a: enough to tell visitors of one browser apart. */
function digest(text: string): string {
  return [0x811c9dc5, 0x1b873593]
    .map((seed) => {
      let hash = seed
      for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
      return (hash >>> 0).toString(36)
    })
    .join('')
}
