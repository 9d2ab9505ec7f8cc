import type { FlagUse, FlagUseSide, Reach } from '../../api/wire/flag-use.ts'
import type { FlagSide } from '../../api/wire/flags.ts'
import { mistakesOfFlag } from '../../../sdk/flag/check-flag.ts'
import { said } from '../../../sdk/flag/mistake.ts'
import { TroubleError } from '../../change/trouble.ts'
import type { Context, Flag, FlagSet } from '../../../sdk/flag/flag.ts'
import type { Count } from '../../../sdk/evaluate/table.ts'
import { type Flags, flagsOf } from '../../../sdk/flags.ts'
import type { CountLine, CountsBatch } from '../../../sdk/wire/messages.ts'
import type { Store } from '../../store/store.ts'
import { People } from './people.ts'
import { type Counted, dayMs, lineOf } from './tally.ts'
import { type Entered, UseBook } from './use-book.ts'

type UseWorld = Readonly<{ store: Store; now: () => number; flags: FlagSide }>

export type FlagUseHere = FlagUseSide &
  Readonly<{
    /** Counts what the hub itself was asked. */
    gather: () => Promise<void>
    close: () => Promise<void>
  }>

/** What waits to be written down is written down this soon, all of it in one. */
const gatherMs = 200
/** Names that programs ask for and that are no flags: that many are shown. */
const unknownLimit = 500

/** Answers how flags are used. Nothing is read before somebody asks. */
export function flagUse(world: UseWorld): FlagUseHere {
  const book = new UseBook(world.store.records, world.now)
  let opened: Promise<void> | null = null
  const here: Here = {
    world,
    book,
    open: () => (opened ??= book.open()),
    people: new Map(),
    bulks: new Map(),
  }
  const writing = new Writing(book)
  return {
    ...shown(here),
    take: async (environment, batch) => {
      const counted = await countedIn(here, environment, { lines: batch.counts, atMs: batch.toMs })
      if (book.hasSeen(environment, batch.client, batch.batch)) return
      await writing.enter(environment, batch, counted)
    },
    bulk: (environment) => void here.bulks.set(environment, world.now()),
    seen: (environment, context) => {
      const known = here.people.get(environment) ?? new People(world.now())
      here.people.set(environment, known)
      known.add(context, world.now())
    },
    gather: async () => {
      for (const environment of await world.flags.environments()) {
        const { flags } = await world.flags.of(environment)
        const lines = flags.takeCounts().map(lineFrom)
        if (lines.length === 0) continue
        const counted = await countedIn(here, environment, { lines, atMs: world.now() })
        await writing.enter(environment, null, counted)
      }
    },
    close: async () => {
      if (opened === null) return
      await writing.rest()
      await book.fold()
    },
  }
}

type Here = Readonly<{
  world: UseWorld
  book: UseBook
  open: () => Promise<void>
  people: Map<string, People>
  bulks: Map<string, number>
}>

/** What people may look at. */
function shown({ world, book, open, people, bulks }: Here): Pick<FlagUseSide, 'of' | 'history' | 'reach'> {
  return {
    of: async (environment) => {
      const here = await world.flags.of(environment)
      await open()
      const used = new Map(book.tallies(environment).map((each) => [each.flag, each.use(world.now())]))
      const own = here
        .list()
        .map(({ key }): FlagUse => used.get(key) ?? { flag: key, lastAt: null, day: [], same: null })
      const others = [...used.values()].filter(({ flag, day }) => here.flag(flag) === null && day.length > 0)
      const bulkAt = bulks.get(environment) ?? null
      return { environment, since: book.since(environment), bulkAt, flags: [...own, ...others] }
    },
    history: async (environment, flag) => {
      await world.flags.of(environment)
      await open()
      const tally = book.tally(environment, flag)
      return tally?.history(world.now()) ?? { flag, lastAt: null, day: [], same: null, hours: [], days: [] }
    },
    reach: async (environment, key, wanted) => {
      const flag = flagOf(wanted)
      const here = await world.flags.of(environment)
      const set: FlagSet = {
        flags: { ...Object.fromEntries(here.list().map((each) => [each.key, each.flag])), [key]: flag },
        segments: Object.fromEntries(here.segments().map((each) => [each.key, each.segment])),
      }
      const lately = people.get(environment)?.lately(world.now()) ?? { sample: [], seen: 0 }
      return reachOf(key, flagsOf(set), lately)
    },
  }
}

/** What is counted of lines that came in: those of flags, and of so many names that are none. */
async function countedIn(
  { world, book, open }: Here,
  environment: string,
  { lines, atMs }: Readonly<{ lines: readonly CountLine[]; atMs: number }>,
): Promise<readonly Counted[]> {
  const here = await world.flags.of(environment)
  await open()
  const unknown = new Set(
    book.tallies(environment).flatMap(({ flag }) => (here.flag(flag) === null ? [flag] : [])),
  )
  return countedOf(lines, clamped(atMs, world.now()), (flag) => {
    if (here.flag(flag) !== null || unknown.has(flag)) return true
    return unknown.size < unknownLimit && unknown.add(flag).size > 0
  })
}

function lineFrom({ flag, resolution, count }: Count): CountLine {
  const { variant, rule, reason, errorCode } = resolution
  return {
    flag,
    reason,
    count,
    ...(variant !== undefined && { variant }),
    ...(rule !== undefined && { rule }),
    ...(errorCode !== undefined && { errorCode }),
  }
}

function flagOf(wanted: unknown): Flag {
  const [mistake] = mistakesOfFlag(wanted)
  if (mistake === undefined) return wanted as Flag
  throw new TroubleError({ what: `this is no flag: ${said(mistake)}`, now: 'mend what is named' })
}

/** A client's clock may be anything. */
function clamped(at: number, now: number): number {
  return Math.min(now, Math.max(at, now - dayMs))
}

function countedOf(
  lines: readonly CountLine[],
  at: number,
  isTaken: (flag: string) => boolean,
): readonly Counted[] {
  return lines
    .filter(({ flag }) => isTaken(flag))
    .map(({ flag, variant = null, rule = null, reason, errorCode = null, count }) => ({
      flag,
      line: lineOf({ variant, rule, reason, errorCode }),
      at,
      count,
    }))
}

function reachOf(
  key: string,
  flags: Flags,
  { sample, seen }: Readonly<{ sample: readonly Context[]; seen: number }>,
): Reach {
  const variants: Record<string, number> = {}
  const rules: Record<string, number> = {}
  for (const context of sample) {
    const { variant = '', rule } = flags.peek(key, context)
    variants[variant] = (variants[variant] ?? 0) + 1
    if (rule !== undefined) rules[rule] = (rules[rule] ?? 0) + 1
  }
  return { sample: sample.length, seen, variants, rules }
}

/** Writes down what came within a moment in one: a fleet tells its counts all the time. */
class Writing {
  readonly #book: UseBook
  #waiting: Entered[] = []
  #next: Promise<void> | null = null
  #last: Promise<void> = Promise.resolve()

  constructor(book: UseBook) {
    this.#book = book
  }

  /** Resolves when it is on disk. A batch that waits already is not taken again. */
  enter(environment: string, batch: CountsBatch | null, counted: readonly Counted[]): Promise<void> {
    const isWaiting = this.#waiting.some(
      (each) =>
        batch !== null &&
        each.environment === environment &&
        (each.clients[batch.client] ?? 0) >= batch.batch,
    )
    if (!isWaiting)
      this.#waiting.push({
        environment,
        counted,
        clients: batch === null ? {} : { [batch.client]: batch.batch },
      })
    this.#next ??= this.#write()
    return this.#next
  }

  /** Resolves when nothing waits any more. */
  async rest(): Promise<void> {
    await (this.#next ?? this.#last).catch(() => {})
  }

  async #write(): Promise<void> {
    await this.#last.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, gatherMs))
    const entered = this.#waiting.filter(({ environment, clients }) =>
      Object.entries(clients).every(([client, batch]) => !this.#book.hasSeen(environment, client, batch)),
    )
    this.#waiting = []
    this.#next = null
    this.#last = entered.length === 0 ? Promise.resolve() : this.#book.enter(entered)
    return this.#last
  }
}
