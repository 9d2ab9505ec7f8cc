import { TroubleError, troubleOf } from '../../../change/trouble.ts'
import type { HostAddress, Remote } from '../../../remote/remote.ts'
import type { Outcome, Scraped } from '../plan.ts'
import { nextAt, toleranceMs } from '../scrape-loop.ts'
import { FrameReader, type Part, type Slot, type Told } from './frame.ts'
import { frontPage } from './front-page.ts'
import { hostPage } from './host-page.ts'
import { shortRelease } from './short-release.ts'
import { type HostAsk, type HostPlan, sightProgram } from './host-plan.ts'

export type WatchWorld = Readonly<{
  remote: Pick<Remote, 'look'>
  now: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  record: (scraped: Scraped) => void
  /** Says why a target is no target yet. */
  wait: (id: string, why: string) => void
}>

const firstPauseMs = 1_000
const longestPauseMs = 15_000
/** Whoever refuses us is not asked for it all the time. */
const refusedPauseMs = 60_000

/** Follows what a host says of itself in one session, and opens another when that is lost, until it is stopped. */
export async function watchHost(
  host: HostAddress,
  plan: HostPlan,
  world: WatchWorld,
  signal: AbortSignal,
): Promise<void> {
  const hearing = new Hearing(plan, world)
  const clock = setInterval(() => hearing.missed(), plan.intervalMs).unref()
  let pauseMs = firstPauseMs
  try {
    while (!signal.aborted) {
      const wasHeard = await followOnce(host, plan, { world, hearing, signal })
      if (signal.aborted) return
      pauseMs = wasHeard ? firstPauseMs : Math.min(2 * pauseMs, longestPauseMs)
      await world.sleep(hearing.isRefused ? refusedPauseMs : pauseMs, signal)
    }
  } finally {
    clearInterval(clock)
  }
}

type Following = Readonly<{ world: WatchWorld; hearing: Hearing; signal: AbortSignal }>

/** One session to its end. Whether the host said anything in it. */
async function followOnce(
  host: HostAddress,
  plan: HostPlan,
  { world, hearing, signal }: Following,
): Promise<boolean> {
  const delayMs = nextAt(`host/${plan.host}`, plan.intervalMs, world.now()) - world.now()
  const run = world.remote.look(host, sightProgram(plan, delayMs))
  const stop = (): void => run.kill()
  signal.addEventListener('abort', stop, { once: true })
  hearing.begin()
  try {
    for await (const line of run.lines) hearing.hear(line)
    const ending = await run.ending
    hearing.lost(ending.type === 'lost' ? ending.why : 'the session ended')
  } catch (thrown) {
    if (!(thrown instanceof TroubleError)) throw thrown
    const { what, lost } = troubleOf(thrown)
    hearing.lost(what, lost !== true)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  return hearing.wasHeard
}

/** What a host says, as what came of asking its targets. */
class Hearing {
  readonly #plan: HostPlan
  readonly #world: WatchWorld
  #reader = new FrameReader()
  #slots: readonly Slot[] = []
  #atMs = 0
  #heardMs: number
  #why = 'it was not reached yet'
  #noise = ''
  /** Targets that answered once: only of them it is news that they do not. */
  readonly #known = new Set<string>()
  #misses = 0
  isRefused = false
  wasHeard = false

  constructor(plan: HostPlan, world: WatchWorld) {
    this.#plan = plan
    this.#world = world
    // It may say its first word one interval from now.
    this.#heardMs = world.now()
  }

  begin(): void {
    this.#reader = new FrameReader()
    this.#noise = ''
    this.wasHeard = false
  }

  hear(line: string): void {
    const told = this.#reader.push(line)
    if (told.length === 0 && !/^[#+ .]/.test(line)) this.#noise = line.slice(0, 200)
    for (const each of told) this.#take(each)
  }

  lost(why: string, isRefused = false): void {
    this.#why = this.#noise === '' ? why : `${why}: ${this.#noise}`
    this.isRefused = isRefused
  }

  /** Called once in each interval: when the host has not said anything for that long, nothing of it is up. */
  missed(): void {
    const { intervalMs, own, front, asks } = this.#plan
    const nowMs = this.#world.now()
    if (Math.abs(nowMs - this.#heardMs) < 1.5 * intervalMs) return
    this.#misses += 1
    const outcome: Outcome = { type: 'failed', why: this.#why }
    const due = (id: string | null, every: number): boolean =>
      id !== null && every > 0 && this.#misses % every === 0 && (id === own || this.#known.has(id))
    const ids = [own, front].filter((id) => due(id, this.#plan.every))
    const asked = asks.filter(({ id, every }) => due(id, every)).map(({ id }) => id)
    for (const id of [...ids, ...asked])
      if (id !== null) this.#world.record({ id, labels: {}, atMs: nowMs, tookMs: 0, outcome })
  }

  #take(told: Told): void {
    switch (told.type) {
      case 'began':
        this.#heardMs = this.#world.now()
        this.#atMs = evenAfter(this.#atMs, this.#plan.intervalMs, this.#heardMs)
        this.#why = 'it has said nothing since'
        this.#misses = 0
        this.isRefused = false
        this.wasHeard = true
        return
      case 'slots':
        this.#slots = told.slots
        return
      case 'seen':
        return this.#see(told.parts)
      case 'answered': {
        const body = Buffer.from(told.text)
        return this.#answer(told, { type: 'answered', body, contentType: told.contentType })
      }
      case 'failed':
        return this.#answer(told, { type: 'failed', why: told.why })
    }
  }

  #see(parts: readonly Part[]): void {
    const { own, front } = this.#plan
    const tookMs = this.#world.now() - this.#atMs
    const said = (text: string): Outcome => ({ type: 'answered', body: Buffer.from(text), contentType: '' })
    if (own !== null) this.#record(own, {}, tookMs, said(hostPage(parts, this.#slots)))
    if (front === null) return
    const page = frontPage(parts, this.#slots)
    if (page !== null) this.#record(front, {}, tookMs, said(page))
    else if (this.#known.has(front))
      this.#record(front, {}, tookMs, { type: 'failed', why: 'the front does not answer at its socket' })
    else this.#world.wait(front, 'there is no front on this host')
  }

  #answer({ key, tookMs }: Readonly<{ key: string; tookMs: number }>, outcome: Outcome): void {
    const ask = this.#plan.asks[Number(key)]
    if (ask === undefined) return
    if (outcome.type === 'failed' && !this.#isHere(ask) && !this.#known.has(ask.id))
      return this.#world.wait(ask.id, outcome.why)
    this.#record(ask.id, this.#releaseOf(ask), tookMs, outcome)
  }

  #isHere({ place }: HostAsk): boolean {
    return place === null || this.#slots.some((slot) => slot.place === place)
  }

  #releaseOf({ place }: HostAsk): Readonly<Record<string, string>> {
    const live = this.#slots.find((slot) => slot.place === place && slot.isLive)
    return live === undefined ? {} : { release: shortRelease(live.release) }
  }

  #record(id: string, labels: Scraped['labels'], tookMs: number, outcome: Outcome): void {
    if (outcome.type === 'answered') this.#known.add(id)
    this.#world.record({ id, labels, atMs: this.#atMs, tookMs, outcome })
  }
}

/** Times that are evenly apart take less room: a word that is on its way a moment longer came when it was due. */
function evenAfter(lastMs: number, intervalMs: number, nowMs: number): number {
  const dueMs = lastMs + intervalMs
  return Math.abs(nowMs - dueMs) <= toleranceMs ? dueMs : nowMs
}
