import { explain, type Explanation } from './evaluate/explain.ts'
import { failed, type Outcome, outcomeOf, type Resolution } from './evaluate/outcome.ts'
import { type Count, type Edit, Table } from './evaluate/table.ts'
import type { Context, FlagType, Json } from './flag/flag.ts'

/** The answer and how it came about. What a flag has itself is the same frozen object each time. */
export type Details<T> = Omit<Resolution, 'value'> & Readonly<{ value: T }>

/** What is known, as far as it matters to answers; whoever fills the table keeps it. */
export type Knowledge = {
  /** Whether there ever was a set of flags. */
  isKnown: boolean
  /** Whether it may be out of date. */
  isStale: boolean
}

/** Puts back what an override changed; also at the end of a block, as `using`. */
export type Restore = (() => void) & Disposable

const nobody: Context = Object.freeze({})
const fallbacksLimit = 1000

/**
 * Flags, ready to be asked. Answers come at once, throw nothing and wait for nothing. The second argument is what the
 * program does by itself: it is the answer where no flag with this key, of this type, is known.
 */
export class Flags {
  readonly #table: Table
  readonly #knowledge: Knowledge
  readonly #overrides: Readonly<Record<string, Json>>[] = []
  /** How often the program's own default was the answer for want of a right one, by flag and error. */
  #fallbacks = new Map<string, { resolution: Resolution; flag: string; count: number }>()

  constructor(table: Table, knowledge: Knowledge) {
    this.#table = table
    this.#knowledge = knowledge
  }

  boolean(key: string, fallback: boolean, context: Context = nobody): boolean {
    const outcome = this.#decide(key, context)
    const { value } = outcome
    if (typeof value !== 'boolean') return this.#fallBack(key, outcome, fallback)
    outcome.seen += 1
    return value
  }

  string(key: string, fallback: string, context: Context = nobody): string {
    const outcome = this.#decide(key, context)
    const { value } = outcome
    if (typeof value !== 'string') return this.#fallBack(key, outcome, fallback)
    outcome.seen += 1
    return value
  }

  number(key: string, fallback: number, context: Context = nobody): number {
    const outcome = this.#decide(key, context)
    const { value } = outcome
    if (typeof value !== 'number') return this.#fallBack(key, outcome, fallback)
    outcome.seen += 1
    return value
  }

  /** The object is frozen, as everybody is given the same one. */
  object<T extends Json>(key: string, fallback: T, context: Context = nobody): T {
    const outcome = this.#decide(key, context)
    const { value } = outcome
    if (typeof value !== 'object' || value === null) return this.#fallBack(key, outcome, fallback)
    outcome.seen += 1
    return value as T
  }

  /** The answer with its variant, rule and reason, or with what went wrong. */
  details<T extends Json>(type: FlagType, key: string, fallback: T, context: Context = nobody): Details<T> {
    const outcome = this.#decide(key, context)
    const resolution = this.#knowledge.isStale ? outcome.stale : outcome.resolution
    if (outcome.value !== undefined && isOfType(outcome.value, type)) {
      outcome.seen += 1
      return resolution as Details<T>
    }
    this.#fallBack(key, outcome, fallback)
    return { ...(outcome.value === undefined ? resolution : mismatch(outcome).resolution), value: fallback }
  }

  /** What a flag comes to, whatever its type, and counts it: for those who pass answers on to others. */
  resolve(key: string, context: Context = nobody): Resolution {
    const outcome = this.#decide(key, context)
    outcome.seen += 1
    return this.#knowledge.isStale ? outcome.stale : outcome.resolution
  }

  /** The same, and counts nothing: for those who may never look at it. */
  peek(key: string, context: Context = nobody): Resolution {
    return this.#table.quietly(() => {
      const outcome = this.#decide(key, context)
      return this.#knowledge.isStale ? outcome.stale : outcome.resolution
    })
  }

  /** Why somebody gets what they get: what was asked, what they are, and which rule decided. Counts nothing. */
  explain(key: string, context: Context = nobody): Explanation {
    return explain(this.#table, key, context)
  }

  /** The keys of all flags that are known. */
  keys(): readonly string[] {
    return this.#table.keys()
  }

  /**
   * For tests of your own: these flags have these values for everybody, until what is returned is called. Nothing of it
   * is counted. Throws where a flag is known to be of another type.
   */
  override(values: Readonly<Record<string, Json>>): Restore {
    for (const [key, value] of Object.entries(values)) mustFit(this.#table, key, value)
    const own = { ...values }
    this.#overrides.push(own)
    this.#pin(Object.keys(own))
    const restore = (): void => {
      const at = this.#overrides.indexOf(own)
      if (at === -1) return
      this.#overrides.splice(at, 1)
      this.#pin(Object.keys(own))
    }
    return Object.assign(restore, { [Symbol.dispose]: restore })
  }

  /** What was counted since it was last taken: for whoever carries counts to the hub. */
  takeCounts(): readonly Count[] {
    const fallbacks = [...this.#fallbacks.values()]
    this.#fallbacks = new Map()
    return [...this.#table.takeCounts(), ...fallbacks]
  }

  #pin(keys: readonly string[]): void {
    for (const key of keys) {
      const last = this.#overrides.findLast((values) => Object.hasOwn(values, key))
      this.#table.pin(key, last === undefined ? null : pinned(this.#table, key, last[key] ?? null))
    }
  }

  #decide(key: string, context: Context): Outcome {
    const entry = this.#table.find(key)
    if (entry === undefined) return this.#knowledge.isKnown ? notFound : notReady
    try {
      return entry.decide(context)
    } catch (error) {
      // A getter of the context, or a segment that cannot be read.
      return failed('GENERAL', `${key}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** What has no variant, on purpose, is no failure and counts as seen. */
  #fallBack<T>(key: string, outcome: Outcome, fallback: T): T {
    if (outcome.value === undefined && outcome.resolution.reason !== 'ERROR') {
      outcome.seen += 1
      return fallback
    }
    const { resolution } = outcome.value === undefined ? outcome : mismatch(outcome)
    const name = `${resolution.errorCode} ${key}`
    const known = this.#fallbacks.get(name)
    if (known !== undefined) known.count += 1
    else if (this.#fallbacks.size < fallbacksLimit)
      this.#fallbacks.set(name, { flag: key.slice(0, 200), resolution, count: 1 })
    return fallback
  }
}

/**
 * Flags from definitions that are at hand: for tests, for tools, and for programs without a hub.
 */
export function flagsOf(set: Edit): Flags {
  const table = new Table()
  table.replace(set)
  return new Flags(table, { isKnown: true, isStale: false })
}

const notFound = failed('FLAG_NOT_FOUND', 'there is no such flag')
const notReady = failed('PROVIDER_NOT_READY', 'no flags were ever known here: the hub was not reached yet')

function mismatch(outcome: Outcome): Outcome {
  return failed('TYPE_MISMATCH', `the flag is of type ${typeof outcome.value}`)
}

function isOfType(value: Json, type: FlagType): boolean {
  return typeof value === type && value !== null
}

function mustFit(table: Table, key: string, value: Json): void {
  const definition = table.find(key)?.definition
  if (typeof definition !== 'object' || definition === null || !('type' in definition)) return
  if (typeof definition.type === 'string' && typeof value !== definition.type)
    throw new TypeError(`${key} is of type ${definition.type} and cannot be ${JSON.stringify(value)}`)
}

function pinned(table: Table, key: string, value: Json): Outcome {
  const definition = table.find(key)?.definition as Readonly<{
    variants?: Readonly<Record<string, Json>>
  }> | null
  const text = JSON.stringify(value)
  const same = Object.entries(definition?.variants ?? {}).find(([, each]) => JSON.stringify(each) === text)
  return outcomeOf({ value, variant: same?.[0] ?? 'override', reason: 'STATIC' })
}
