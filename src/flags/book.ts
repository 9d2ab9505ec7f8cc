import type { FlagDelta, ScheduleView } from '../api/wire/flags.ts'
import type { ChangeId } from '../change/order.ts'
import { TroubleError } from '../change/trouble.ts'
import type { Store } from '../store/store.ts'
import { type Environment, firstRev, type Written } from './environment.ts'
import { environmentIn, fold, type Folded, noFlags, type OpenFlip } from './fold.ts'

/** How far a book was read, and what it said there. `hash` is of the line `seq`: a ledger that went another way has another. */
type Bookmark = Readonly<{
  format: typeof format
  seq: number
  hash: string
  environments: Readonly<Record<string, Written>>
  open: Readonly<Record<string, OpenFlip>>
  schedules: readonly ScheduleView[]
}>

const format = 'flags-3'
const room = 'flags'
const key = 'bookmark'
const linesAtOnce = 500
/** After so many alterations, or lines that altered nothing, the place is marked, so that the next start is quick. */
const [alterationsBetween, linesBetween] = [200, 20_000]

/** The flags of all environments as the ledger tells them: it is read once, and then along with what is written. */
export class Book {
  readonly #store: Store
  readonly #listeners = new Set<(delta: FlagDelta) => void>()
  readonly #folded: Folded = noFlags((delta) => {
    for (const listener of this.#listeners) listener(delta)
  })
  #seq = 0
  #hash = ''
  #unmarked = { lines: 0, alterations: 0 }
  #next: Promise<void> | null = null
  #reading: Promise<void> = Promise.resolve()
  #isOpen = false

  /** Reads nothing before it is asked: a command that has nothing to do with flags shall not pay for them. */
  constructor(store: Store) {
    this.#store = store
  }

  /** Comes to what the ledger says now. */
  catchUp(): Promise<void> {
    // A reading that has begun may have passed by what is meant: the next one answers all who ask meanwhile.
    this.#next ??= this.#reading.then(() => {
      this.#next = null
      const reading = this.#read()
      this.#reading = reading.catch(() => {})
      return reading
    })
    return this.#next
  }

  /** Told that something was written: who listens to flags hears of it. */
  heard(): Promise<void> {
    return this.#isOpen ? this.catchUp() : Promise.resolve()
  }

  environment(name: string): Environment {
    return environmentIn(this.#folded, name)
  }

  /** Calls back for whatever alters in any environment from now on. */
  subscribe(listener: (delta: FlagDelta) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Environments that have or had flags. */
  names(): readonly string[] {
    return [...this.#folded.environments.values()]
      .filter(({ seen }) => seen.rev() !== firstRev)
      .map(({ name }) => name)
  }

  /** The rollout that holds this target: a flip that takes its time. */
  rolling(target: string): Readonly<{ change: ChangeId; who: string }> | null {
    for (const [change, flip] of this.#folded.open)
      if (
        flip.target === target &&
        flip.plan !== null &&
        flip.plan.stages.some(({ watch }) => watch !== null)
      )
        return { change, who: flip.who }
    return null
  }

  /** Whether a flip of this target has not ended. */
  isBusy(target: string): boolean {
    return [...this.#folded.open.values()].some((flip) => flip.target === target)
  }

  /** Flips that wait for their time. */
  schedules(): readonly ScheduleView[] {
    return [...this.#folded.schedules.values()]
  }

  /** Marks the place for the next start. */
  async close(): Promise<void> {
    await this.#reading
    if (this.#unmarked.alterations > 0) await this.#mark()
  }

  async #read(): Promise<void> {
    if (!this.#isOpen) await this.#open()
    for (let isMore = true; isMore;) {
      const lines = await this.#store.ledger.since(this.#seq, linesAtOnce)
      for (const line of lines) {
        if (fold(this.#folded, line)) this.#unmarked.alterations += 1
        this.#seq = line.seq
        this.#hash = line.hash
      }
      this.#unmarked.lines += lines.length
      isMore = lines.length === linesAtOnce
    }
    const { lines, alterations } = this.#unmarked
    if (alterations >= alterationsBetween || lines >= linesBetween) await this.#mark()
  }

  async #open(): Promise<void> {
    const mark = (await this.#store.records.get(room, key)) as Bookmark | undefined
    if (mark !== undefined && (await this.#fits(mark))) {
      for (const [name, written] of Object.entries(mark.environments)) this.environment(name).restore(written)
      for (const [change, flip] of Object.entries(mark.open)) this.#folded.open.set(change, flip)
      for (const schedule of mark.schedules) this.#folded.schedules.set(schedule.id, schedule)
      this.#seq = mark.seq
      this.#hash = mark.hash
    }
    this.#isOpen = true
  }

  async #fits(mark: Bookmark): Promise<boolean> {
    if (mark.format !== format) return false
    const [line] = await this.#store.ledger.since(mark.seq - 1, 1)
    return line !== undefined && line.seq === mark.seq && line.hash === mark.hash
  }

  async #mark(): Promise<void> {
    const { environments, open, schedules } = this.#folded
    const mark: Bookmark = {
      format,
      seq: this.#seq,
      hash: this.#hash,
      environments: Object.fromEntries([...environments].map(([name, each]) => [name, each.written()])),
      open: Object.fromEntries(open),
      schedules: [...schedules.values()],
    }
    this.#unmarked = { lines: 0, alterations: 0 }
    await this.#store.records.put(room, key, mark).catch(unlessTrouble)
  }
}

/** A full disk must not stop a flip: without a mark the next start reads more. */
function unlessTrouble(thrown: unknown): void {
  if (!(thrown instanceof TroubleError)) throw thrown
}
