import { randomBytes } from 'node:crypto'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Trouble, TroubleError } from '../../change/trouble.ts'
import type { ScrapeDeed, TargetState } from '../scrape/plan.ts'
import type {
  Answered,
  Asked,
  MetricsSide,
  MetricsStatus,
  OwnSamples,
  Parcel,
  Receipt,
  Settings,
} from '../metrics-side.ts'
import type { DeletionWish } from '../storage/deletions/deletion.ts'
import type { Keep } from '../storage/store-options.ts'
import type { Top } from '../storage/top.ts'
import { threadEnvironment } from './environment.ts'
import { Leaving } from './leaving.ts'
import type { Back, Beginning, Call, CallName, EngineOptions, Given, Said } from './wire.ts'

type Waiting = Readonly<{ resolve: (back: Back<CallName>) => void; reject: (thrown: unknown) => void }>

export type ThreadWorld = Readonly<{
  /** Told when the thread has died, and what broke inside. */
  broke: (thrown: unknown) => void
  /** Told in words what people should know. */
  tell: (line: string) => void
}>

/** How many bytes may be on their way in. */
const parcelsLimitBytes = 64 * 2 ** 20
/** The pause before a thread that died begins anew: it doubles while it dies again and again. */
const pauses = { firstMs: 250, lastMs: 30_000 } as const
/** A thread that has lived so long did not die of what it began with. */
const healthyMs = 60_000

/** What is young is looked through often: else a hundred megabytes of what nobody needs any more lie about. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

const busy: Receipt = { type: 'later', what: 'more comes in than can be written down' }

/** Metrics from outside: everything that is called here is done in a thread of its own, which begins when it is first asked. */
export class MetricsThread implements MetricsSide {
  #options: EngineOptions
  readonly #world: ThreadWorld
  readonly #waiting = new Map<number, Waiting>()
  readonly #leaving = new Leaving()
  #worker: Worker | null = null
  #next = 1
  #parcelBytes = 0
  #pauseMs: number = pauses.firstMs
  #beganAt = 0
  /** Why there is no thread at the moment. */
  #trouble: Trouble | null = null
  #again: NodeJS.Timeout | null = null
  #isClosed = false
  #settings: Settings | null = null

  constructor(options: EngineOptions, world: ThreadWorld) {
    this.#options = options
    this.#world = world
  }

  /** Begins now what otherwise begins with the first question. */
  start(): void {
    this.#begin()
  }

  async take(parcel: Parcel): Promise<Receipt> {
    const bytes = parcel.body.byteLength
    if (this.#parcelBytes + bytes > parcelsLimitBytes) return busy
    this.#parcelBytes += bytes
    try {
      const body = ownBytes(parcel.body)
      return await this.#call('take', { ...parcel, body }, [body.buffer])
    } finally {
      this.#parcelBytes -= bytes
    }
  }

  write(samples: OwnSamples): Promise<Receipt> {
    return this.#call('write', samples)
  }

  async ask(asked: Asked, signal?: AbortSignal): Promise<Answered> {
    const place = this.#leaving.enter()
    if (place === null) throw new TroubleError(crowdedTrouble)
    const leave = (): void => this.#leaving.leave(place)
    if (signal?.aborted === true) leave()
    signal?.addEventListener('abort', leave, { once: true })
    try {
      return await this.#call('ask', { asked, place })
    } finally {
      signal?.removeEventListener('abort', leave)
      this.#leaving.end(place)
    }
  }

  /** Bytes of an answer are handed over. */
  async scrape(deed: ScrapeDeed): Promise<void> {
    if (deed.type !== 'scraped' || deed.scraped.outcome.type === 'failed')
      return void (await this.#call('scrape', deed))
    const body = ownBytes(deed.scraped.outcome.body)
    const outcome = { ...deed.scraped.outcome, body }
    await this.#call('scrape', { type: 'scraped', scraped: { ...deed.scraped, outcome } }, [body.buffer])
  }

  targets(): Promise<readonly TargetState[]> {
    return this.#call('targets', undefined)
  }

  /** Says what tandem.ts says; a thread that begins anew is told again. */
  async heed(settings: Settings): Promise<void> {
    this.#settings = settings
    if (this.#worker !== null) await this.#call('heed', settings)
  }

  /** Keeps samples otherwise from now on, also in a thread that begins anew. */
  async keep(keep: Keep): Promise<void> {
    this.#options = { ...this.#options, ...keep }
    if (this.#worker !== null) await this.#call('keep', keep)
  }

  status(): Promise<MetricsStatus> {
    return this.#call('status', null)
  }

  top(most: number): Promise<Top> {
    return this.#call('top', most)
  }

  async snapshot(): Promise<string> {
    const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
    const name = `${at}-${randomBytes(8).toString('hex')}`
    await this.#call('snapshot', join(this.#options.folder, 'snapshots', name))
    return name
  }

  delete(wish: DeletionWish): Promise<Readonly<{ series: number }>> {
    return this.#call('delete', wish)
  }

  async clean(): Promise<void> {
    await this.#call('clean', null)
  }

  /** Resolves when all that was taken lies in its files, and nobody holds the folder any more. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#again !== null) clearTimeout(this.#again)
    const worker = this.#worker
    if (worker === null) return
    await this.#call('close', undefined).catch(this.#world.broke)
    // By now nothing is left to be written; what still waits inside must not keep us.
    await worker.terminate()
  }

  #call<Name extends CallName>(
    name: Name,
    given: Given<Name>,
    handed: readonly ArrayBuffer[] = [],
  ): Promise<Back<Name>> {
    if (this.#worker === null && this.#trouble === null && !this.#isClosed) this.#begin()
    const worker = this.#worker
    if (worker === null) return Promise.reject(new TroubleError(this.#trouble ?? closedTrouble))
    const id = this.#next
    this.#next += 1
    return new Promise((resolve, reject) => {
      // The reply to a call has the type that its name says.
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
      worker.postMessage({ id, name, given } as Call, [...handed])
    })
  }

  #begin(): void {
    if (this.#worker !== null || this.#isClosed) return
    this.#trouble = null
    this.#beganAt = performance.now()
    // As `.ts` where we are run as we stand, as `.js` where we were built.
    const file = new URL(`./worker${extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(file, {
      workerData: { options: this.#options, marks: this.#leaving.marks } satisfies Beginning,
      name: 'metrics',
      resourceLimits,
      env: threadEnvironment(),
    })
    this.#worker = worker
    let reason: unknown = null
    worker.on('message', (said: Said) => this.#hear(said))
    worker.on('error', (thrown) => {
      reason = thrown
    })
    worker.once('exit', () => this.#ended(reason))
    if (this.#settings !== null) void this.#call('heed', this.#settings).catch(this.#world.broke)
  }

  #hear(said: Said): void {
    if ('unable' in said) this.#trouble = said.unable
    else if ('broke' in said) this.#world.broke(said.broke)
    else if ('told' in said) this.#world.tell(said.told)
    else {
      const waiting = this.#waiting.get(said.id)
      this.#waiting.delete(said.id)
      if ('back' in said) waiting?.resolve(said.back)
      else waiting?.reject('bug' in said ? said.bug : new TroubleError(said.trouble))
    }
  }

  #ended(reason: unknown): void {
    this.#worker = null
    const isExpected = this.#isClosed || this.#trouble !== null
    if (!isExpected) this.#world.broke(new Error('the thread of metrics has died', { cause: reason }))
    this.#trouble ??= this.#isClosed ? closedTrouble : diedTrouble(reason)
    for (const { reject } of this.#waiting.values()) reject(new TroubleError(this.#trouble))
    this.#waiting.clear()
    if (this.#isClosed) return
    if (performance.now() - this.#beganAt > healthyMs) this.#pauseMs = pauses.firstMs
    this.#again = setTimeout(() => this.#begin(), this.#pauseMs).unref()
    this.#pauseMs = Math.min(2 * this.#pauseMs, pauses.lastMs)
  }
}

/** Bytes whose memory is theirs alone can be handed over; others are copied. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  const isAlone = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(bytes)
}

function diedTrouble(reason: unknown): Trouble {
  return {
    what: `the engine of metrics has died${reason instanceof Error ? `: ${reason.message}` : ''}`,
    now: 'it begins again by itself: ask again in a moment',
  }
}

const crowdedTrouble: Trouble = {
  what: 'too many questions about samples are under way',
  now: 'ask again in a moment',
}

const closedTrouble: Trouble = {
  what: 'the engine of metrics has ended with its hub',
  now: 'start the hub again',
}
