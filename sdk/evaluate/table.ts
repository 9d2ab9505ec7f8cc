import type { Others, Test } from '../condition/compile.ts'
import { mistakesOfFlag, mistakesOfSegment } from '../flag/check-flag.ts'
import type { Condition, Context, Flag, Requirement, Segment } from '../flag/flag.ts'
import { said } from '../flag/mistake.ts'
import { compileFlag, compileSegment, type Decide } from './compile.ts'
import { failed, type Outcome, type Resolution } from './outcome.ts'

/**
 * A flag by its key. The entry stays when the flag changes, so that who holds it always asks the newest; `definition` is
 * as it came, and is checked and compiled when it is first asked.
 */
export type Entry = {
  readonly key: string
  definition: unknown
  decide: Decide
  outcomes: readonly Outcome[]
  /** What a test wants to come out, whatever the definition says. */
  pinned: Outcome | null
  isBusy: boolean
}

/** What changes at once: `null` takes a flag or segment away. */
export type Edit = Readonly<{
  flags: Readonly<Record<string, unknown>>
  segments: Readonly<Record<string, unknown>>
}>

/** How often a flag came to something. */
export type Count = Readonly<{ flag: string; resolution: Resolution; count: number }>

type Group = { definition: unknown; test: Test; isBusy: boolean }

/** The flags of an environment, ready to be asked. An edit costs what it changes, and is seen whole or not at all. */
export class Table {
  readonly #flags = new Map<string, Entry>()
  readonly #segments = new Map<string, Group>()
  #isQuiet = false
  /** Counts of flags that have changed since. */
  #left: Count[] = []
  /** What conditions ask of other flags and of segments. */
  readonly others: Others = {
    segment: (key) => this.#segmentTest(key),
    requirement: (requirement) => this.#requirementTest(requirement),
  }

  /** The flag with this key, if there ever was one. */
  find(key: string): Entry | undefined {
    return this.#flags.get(key)
  }

  /** Asks the flag with this key, if there is one. */
  decide(key: string, context: Context): Outcome {
    return (this.#flags.get(key)?.decide ?? notThere)(context)
  }

  /** The flag with this key; when there is none yet, the place where it will be. */
  entry(key: string): Entry {
    const known = this.#flags.get(key)
    if (known !== undefined) return known
    const entry: Entry = {
      key,
      definition: null,
      decide: notThere,
      outcomes: [],
      pinned: null,
      isBusy: false,
    }
    this.#flags.set(key, entry)
    return entry
  }

  /** The keys of the flags there are. */
  keys(): readonly string[] {
    return [...this.#flags.values()].filter(({ definition }) => definition !== null).map(({ key }) => key)
  }

  /** All definitions as they came. */
  definitions(): Edit {
    const flags = [...this.#flags.values()].filter(({ definition }) => definition !== null)
    const segments = [...this.#segments].filter(([, { definition }]) => definition !== null)
    return {
      flags: Object.fromEntries(flags.map(({ key, definition }) => [key, definition])),
      segments: Object.fromEntries(segments.map(([key, { definition }]) => [key, definition])),
    }
  }

  /** Puts these in the place of all there are. */
  replace(all: Edit): void {
    for (const entry of this.#flags.values())
      if (!Object.hasOwn(all.flags, entry.key)) this.#define(entry, null)
    for (const [key, group] of this.#segments) if (!Object.hasOwn(all.segments, key)) this.#group(group, null)
    this.apply(all)
  }

  /** Changes these and leaves the others. */
  apply({ flags, segments }: Edit): void {
    for (const [key, definition] of Object.entries(segments)) this.#group(this.#segment(key), definition)
    for (const [key, definition] of Object.entries(flags)) this.#define(this.entry(key), definition)
  }

  /** Lets this come out of a flag until it is told `null`. It counts nowhere. */
  pin(key: string, outcome: Outcome | null): void {
    const entry = this.entry(key)
    entry.pinned = outcome
    this.#define(entry, entry.definition)
  }

  /** Asks flags without a trace: what others require is not counted meanwhile either. */
  quietly<T>(ask: () => T): T {
    this.#isQuiet = true
    try {
      return ask()
    } finally {
      this.#isQuiet = false
    }
  }

  /** What was counted since it was last taken. */
  takeCounts(): readonly Count[] {
    const counts: Count[] = this.#left
    this.#left = []
    for (const { key, outcomes } of this.#flags.values()) take(key, outcomes, counts)
    return counts
  }

  #define(entry: Entry, definition: unknown): void {
    take(entry.key, entry.outcomes, this.#left)
    entry.outcomes = []
    entry.definition = definition
    entry.decide = this.#decideOf(entry)
  }

  #decideOf(entry: Entry): Decide {
    const { pinned } = entry
    if (pinned !== null) return () => pinned
    if (entry.definition === null) return notThere
    return (context) => {
      this.#compile(entry)
      return entry.decide(context)
    }
  }

  #compile(entry: Entry): void {
    const [mistake] = mistakesOfFlag(entry.definition)
    if (mistake === undefined) {
      const { decide, outcomes } = compileFlag(entry.definition as Flag, this.others)
      entry.decide = decide
      entry.outcomes = outcomes
      return
    }
    const outcome = failed('PARSE_ERROR', `the flag ${entry.key} cannot be read: ${said(mistake)}`)
    entry.decide = () => outcome
    entry.outcomes = [outcome]
  }

  #segment(key: string): Group {
    const known = this.#segments.get(key)
    if (known !== undefined) return known
    const group: Group = { definition: null, test: nobody, isBusy: false }
    this.#segments.set(key, group)
    return group
  }

  #group(group: Group, definition: unknown): void {
    group.definition = definition
    group.test =
      definition === null
        ? nobody
        : (context) => {
            const segment = readSegment(definition)
            const test = compileSegment(segment, this.others)
            group.test = mayRing(segment) ? guarded(group, test) : test
            return group.test(context)
          }
  }

  #segmentTest(key: string): Test {
    const group = this.#segment(key)
    return (context) => group.test(context)
  }

  /** A ring of flags is refused at write; in one that came all the same, no requirement holds. */
  #requirementTest({ flag, serves }: Requirement): Test {
    const entry = this.entry(flag)
    const wanted: ReadonlySet<unknown> = new Set(serves)
    return (context) => {
      if (entry.isBusy) return false
      entry.isBusy = true
      try {
        const outcome = entry.decide(context)
        if (!this.#isQuiet) outcome.seen += 1
        return wanted.has(outcome.variant)
      } finally {
        entry.isBusy = false
      }
    }
  }
}

/** Whether a segment asks for others at all. */
function mayRing({ when }: Segment): boolean {
  const asks = (condition: Condition): boolean => {
    if ('all' in condition) return condition.all.some(asks)
    if ('any' in condition) return condition.any.some(asks)
    if ('not' in condition) return asks(condition.not)
    return 'segment' in condition || 'flag' in condition
  }
  return when !== undefined && asks(when)
}

/** A ring of segments is refused at write; one that came all the same holds nobody. */
function guarded(group: Group, test: Test): Test {
  return (context) => {
    if (group.isBusy) return false
    group.isBusy = true
    try {
      return test(context)
    } finally {
      group.isBusy = false
    }
  }
}

/** Nobody can say who is in a segment that cannot be read, so whoever asks gets no answer. */
function readSegment(definition: unknown): Segment {
  const [mistake] = mistakesOfSegment(definition)
  if (mistake !== undefined) throw new Error(`a segment cannot be read: ${said(mistake)}`)
  return definition as Segment
}

const notFound = failed('FLAG_NOT_FOUND', 'there is no such flag')
const notThere: Decide = () => notFound
const nobody: Test = () => false

function take(flag: string, outcomes: readonly Outcome[], into: Count[]): void {
  for (const outcome of outcomes) {
    if (outcome.seen > 0) into.push({ flag, resolution: outcome.resolution, count: outcome.seen })
    outcome.seen = 0
  }
}
