import type { Context } from 'hono'
import type { Entry } from '../../change/entry.ts'
import { type Aside, isAside, type Written } from '../../change/occurrence.ts'
import type { Run } from '../../store/runs.ts'
import type { LogLine } from '../../store/store.ts'
import type { Asker, World } from '../person/auth.ts'
import { holderOf } from '../person/auth.ts'
import type { HubSide } from '../hub-side.ts'
import { encodeEvent } from '../client/sse.ts'
import type { FlagDelta, FlagEvent } from '../wire/flags.ts'
import type { HubEvent } from '../wire/wire.ts'
import { viewOf } from './views.ts'

export const streamLimits = {
  pageEntries: 100,
  pageLines: 500,
  pingMs: 15_000,
  viewsKept: 256,
  runsWaiting: 500,
} as const

/** Turns what is written in the ledger into events. What every listener gets is made once. */
export type EventMaker = (written: Written) => Promise<string>

export function makeEventMaker(side: HubSide): EventMaker {
  const made = new Map<number, Promise<string>>()
  const entriesOf = makeFollower(side)
  return (written) => {
    const known = made.get(written.seq)
    if (known !== undefined) return known
    if (isAside(written)) return Promise.resolve(asideEvent(written))
    const text = entryEvent(side, written, entriesOf(written))
    made.set(written.seq, text)
    text.catch(() => made.delete(written.seq))
    const oldest = made.keys().next()
    if (made.size > streamLimits.viewsKept && !oldest.done) made.delete(oldest.value)
    return text
  }
}

/**
 * The entries of a change up to one of them. Mostly that is the one after the last that was asked about: then a long plan
 * need not be read again for each entry of its change.
 */
function makeFollower({ store }: HubSide): (entry: Entry) => Promise<readonly Entry[]> {
  let last: Readonly<{ entry: Entry; entries: Promise<readonly Entry[]> }> | null = null
  return (entry) => {
    const before = last
    const follows = before?.entry.seq === entry.seq - 1 && before.entry.change === entry.change
    const entries = follows
      ? before.entries.then((all) => [...all, entry])
      : store.ledger.of(entry.change).then((all) => all.filter(({ seq }) => seq <= entry.seq))
    last = { entry, entries }
    entries.catch(() => (last = null))
    return entries
  }
}

/** The change as it stood after this entry, so that a reader who replays sees it as it was. */
async function entryEvent(
  { store }: HubSide,
  entry: Entry,
  entriesBefore: Promise<readonly Entry[]>,
): Promise<string> {
  const [entries, revertedBy] = await Promise.all([entriesBefore, store.ledger.revertedBy(entry.change)])
  const change = viewOf(entries, revertedBy)
  const event: HubEvent = { type: 'entry', entry, change }
  return encodeEvent({ event: 'entry', id: String(entry.seq), data: JSON.stringify(event) })
}

function asideEvent(aside: Aside): string {
  const event: HubEvent = { type: 'aside', aside }
  return encodeEvent({ event: 'aside', id: String(aside.seq), data: JSON.stringify(event) })
}

function runEvent(run: Run): string {
  const event: HubEvent = { type: 'run', run }
  return encodeEvent({ event: 'run', id: null, data: JSON.stringify(event) })
}

function flagEvent(event: FlagEvent): string {
  return encodeEvent({ event: 'flags', id: null, data: JSON.stringify(event satisfies HubEvent) })
}

/** What altered since it was told last, in one. */
function flagsAltered(before: FlagEvent | undefined, { environment, rev, flags }: FlagDelta): FlagEvent {
  const [changed, removed] = [new Set(before?.changed), new Set(before?.removed)]
  for (const [key, flag] of Object.entries(flags)) {
    const [to, from] = flag === null ? [removed, changed] : [changed, removed]
    to.add(key)
    from.delete(key)
  }
  return { type: 'flags', environment, rev, changed: [...changed], removed: [...removed] }
}

function logEvent(line: LogLine): string {
  const event: HubEvent = { type: 'log', line }
  return encodeEvent({ event: 'log', id: null, data: JSON.stringify(event) })
}

/**
 * The answer that goes on: everything after `after`, then what comes. It reads the ledger at the reader's own pace, so a
 * slow reader holds no memory here and misses nothing.
 */
export function streamEvents(c: Context, side: HubSide, asking: Asking): Response {
  const listener = new Listener(side, asking)
  // Without a read-ahead nothing begins before somebody reads: the answer to HEAD is never read.
  const body = new ReadableStream<Uint8Array>(
    { pull: (controller) => listener.send(controller), cancel: () => listener.end() },
    { highWaterMark: 0 },
  )
  c.header('content-type', 'text/event-stream; charset=utf-8')
  c.header('x-accel-buffering', 'no')
  return c.body(body)
}

type Asking = Readonly<{ asker: Asker; after: number; world: World; eventOf: EventMaker }>
type Controller = ReadableStreamDefaultController<Uint8Array>

/** One open stream: lives from the request until the reader goes or may not listen any more. */
class Listener {
  readonly #side: HubSide
  readonly #asking: Asking
  readonly #bytes = new TextEncoder()
  #entrySeq: number
  #lineSeq = 0
  readonly #runs = new Map<string, Run>()
  readonly #flags = new Map<string, FlagEvent>()
  #isNews = true
  #isPingDue = false
  #wake: () => void = () => {}
  #unsubscribe: () => void = () => {}
  #timer: NodeJS.Timeout | null = null
  #hasBegun = false

  constructor(side: HubSide, asking: Asking) {
    this.#side = side
    this.#asking = asking
    this.#entrySeq = asking.after
  }

  /** Waits until there is something to say and says it. Called again as soon as the reader has taken it. */
  async send(controller: Controller): Promise<void> {
    if (!this.#hasBegun) return this.#begin(controller)
    while (this.#timer !== null) {
      const text = await this.#next()
      if (text === null) break
      if (text !== '') return controller.enqueue(this.#bytes.encode(text))
      await this.#sleep()
    }
    this.end()
    controller.close()
  }

  end(): void {
    this.#unsubscribe()
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#wake()
  }

  async #begin(controller: Controller): Promise<void> {
    this.#hasBegun = true
    const news = () => this.#rouse()
    const leave = [
      this.#side.subscribe({ entry: news, aside: news, log: news }),
      this.#side.runs.subscribe((run) => {
        // Of a run that alters faster than it is read the newest is told.
        this.#runs.delete(run.id)
        if (this.#runs.size < streamLimits.runsWaiting) this.#runs.set(run.id, run)
        news()
      }),
      this.#side.flags.subscribe((delta) => {
        this.#flags.set(delta.environment, flagsAltered(this.#flags.get(delta.environment), delta))
        news()
      }),
    ]
    this.#unsubscribe = () => {
      for (const one of leave) one()
    }
    this.#timer = setInterval(() => {
      this.#isPingDue = true
      this.#rouse()
    }, streamLimits.pingMs)
    this.#lineSeq = await this.#side.store.log.lastSeq()
    controller.enqueue(this.#bytes.encode('retry: 1000\n\n'))
  }

  /** What there is to say now: '' for nothing, null for a reader whose token is no good any more. */
  async #next(): Promise<string | null> {
    if (this.#isPingDue) {
      this.#isPingDue = false
      return (await this.#mayListen()) ? encodeEvent({ event: 'ping', id: null, data: '{}' }) : null
    }
    if (!this.#isNews) return ''
    this.#isNews = false
    const text = (await this.#entries()) + (await this.#lines()) + this.#runsTold() + this.#flagsTold()
    if (text !== '') this.#isNews = true
    return text
  }

  async #entries(): Promise<string> {
    const entries = await this.#side.store.ledger.since(this.#entrySeq, streamLimits.pageEntries)
    const texts = await Promise.all(entries.map((entry) => this.#asking.eventOf(entry)))
    this.#entrySeq = entries.at(-1)?.seq ?? this.#entrySeq
    return texts.join('')
  }

  async #lines(): Promise<string> {
    const lines = await this.#side.store.log.since(this.#lineSeq, streamLimits.pageLines)
    this.#lineSeq = lines.at(-1)?.seq ?? this.#lineSeq
    return lines.map((line) => logEvent(line)).join('')
  }

  #runsTold(): string {
    const texts = [...this.#runs.values()].map(runEvent)
    this.#runs.clear()
    return texts.join('')
  }

  #flagsTold(): string {
    const texts = [...this.#flags.values()].map(flagEvent)
    this.#flags.clear()
    return texts.join('')
  }

  async #mayListen(): Promise<boolean> {
    const holder = holderOf(this.#side, this.#asking.asker.secret, this.#asking.world.now())
    return holder.then(
      () => true,
      () => false,
    )
  }

  #rouse(): void {
    this.#isNews = true
    this.#wake()
  }

  async #sleep(): Promise<void> {
    if (this.#isNews || this.#isPingDue || this.#timer === null) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }
}
