import type { Columns, Intake, TakenIn } from '../intake.ts'
import { keyOf, type Labels } from '../labels.ts'
import type { Answer } from '../promql/answer.ts'
import type { Expression } from '../promql/ast.ts'
import { QueryFailure } from '../promql/failure.ts'
import { type Outcome, outcomeOf, RuleFailure, sameRule } from './outcome.ts'
import type { RecordingRule, RuleGroup } from './rule.ts'

/** What rules are asked of and write to. Asking throws QueryFailure or RuleFailure where there is no answer. */
export type RuleWorld = Readonly<{
  ask: (rule: Readonly<{ query: string; expression: Expression }>, atMs: number) => Promise<Answer>
  intake: Intake
  now: () => number
}>

/** How a rule did when it was evaluated last; `unknown` before that. */
export type RuleHealth = Readonly<{
  health: 'ok' | 'err' | 'unknown'
  error: string | null
  evaluatedMs: number | null
  tookMs: number
}>

const unseen: RuleHealth = { health: 'unknown', error: null, evaluatedMs: null, tookMs: 0 }

type Running = { rule: RecordingRule; series: ReadonlyMap<string, Labels>; health: RuleHealth }

/** A group of rules that is evaluated now and then, and what it remembers from one time to the next. */
export class GroupRun {
  readonly group: RuleGroup
  readonly #world: RuleWorld
  readonly #running: readonly Running[]
  /** Series of rules that are gone; they end at the next time. */
  #orphans: ReadonlyMap<string, Labels> = new Map()
  #evaluatedMs: number | null = null
  #tookMs = 0

  constructor(group: RuleGroup, world: RuleWorld) {
    this.group = group
    this.#world = world
    this.#running = group.rules
      .filter((rule) => rule.type === 'recording')
      .map((rule) => ({ rule, series: new Map(), health: unseen }))
  }

  /** Goes on with what the group was before it was read anew. */
  takeOver(before: GroupRun): void {
    const old = [...before.#running]
    for (const running of this.#running) {
      const at = old.findIndex(({ rule }) => sameRule(rule, running.rule))
      const [same] = at === -1 ? [] : old.splice(at, 1)
      if (same === undefined) continue
      running.series = same.series
      running.health = same.health
    }
    this.#orphans = new Map([...before.#orphans, ...old.flatMap(({ series }) => [...series])])
  }

  get evaluated(): Readonly<{ atMs: number | null; tookMs: number }> {
    return { atMs: this.#evaluatedMs, tookMs: this.#tookMs }
  }

  /** Of a rule of the group. */
  health(rule: RecordingRule): RuleHealth {
    return this.#running.find((each) => each.rule === rule)?.health ?? unseen
  }

  /** Evaluates the rules one after the other at a time. What fails is remembered with its rule, and the others go on. */
  async evaluate(atMs: number): Promise<void> {
    const startMs = this.#world.now()
    for (const each of this.#running) {
      const beganMs = this.#world.now()
      const error = await this.#evaluateRule(each, atMs)
      const nowMs = this.#world.now()
      const health = error === null ? 'ok' : 'err'
      each.health = { health, error, evaluatedMs: beganMs, tookMs: nowMs - beganMs }
    }
    this.#endOrphans(atMs)
    this.#evaluatedMs = startMs
    this.#tookMs = this.#world.now() - startMs
  }

  /** Ends all series: the group is gone. */
  end(atMs: number): void {
    this.#orphans = new Map([...this.#orphans, ...this.#running.flatMap(({ series }) => [...series])])
    for (const running of this.#running) running.series = new Map()
    this.#endOrphans(atMs)
  }

  /** Null, or why there is no answer. A rule that failed ends no series: they only are not gone on with. */
  async #evaluateRule(running: Running, atMs: number): Promise<string | null> {
    try {
      const { value } = await this.#world.ask(running.rule, atMs)
      const outcome = outcomeOf(running.rule, value, this.group.limit)
      return this.#keep(running, outcome, atMs)
    } catch (thrown) {
      if (thrown instanceof QueryFailure || thrown instanceof RuleFailure) return thrown.message
      // A disk that is full is no reason to stop: it is said here, and the next time may find room.
      if (thrown instanceof Error && 'code' in thrown) return thrown.message
      throw thrown
    }
  }

  #keep(running: Running, outcome: Outcome, atMs: number): string | null {
    const series = new Map(outcome.map(({ labels }) => [keyOf(labels), labels]))
    const vanished = [...running.series].filter(([key]) => !series.has(key)).map(([, labels]) => labels)
    const taken = this.#write(outcome, vanished, atMs)
    running.series = series
    return refusalOf(taken, outcome.length + vanished.length)
  }

  #endOrphans(atMs: number): void {
    if (this.#orphans.size === 0) return
    // What a rule of another name has taken over goes on.
    const kept = new Set(this.#running.flatMap(({ series }) => [...series.keys()]))
    this.#write(
      [],
      [...this.#orphans].filter(([key]) => !kept.has(key)).map(([, labels]) => labels),
      atMs,
    )
    this.#orphans = new Map()
  }

  #write(outcome: Outcome, vanished: readonly Labels[], atMs: number): TakenIn {
    const { intake } = this.#world
    const all = [...outcome.map(({ labels }) => labels), ...vanished]
    const columns: Columns = {
      series: all.map((labels) => intake.numberOf(labels)),
      times: all.map(() => atMs),
      values: [...outcome.map(({ value }) => value), ...vanished.map(() => 0)],
      stale: vanished.map((_, at) => outcome.length + at),
    }
    return all.length === 0 ? { taken: 0, refused: [] } : intake.take(columns)
  }
}

function refusalOf({ refused }: TakenIn, all: number): string | null {
  const [first] = refused
  return first === undefined ? null : `${refused.length} of ${all} samples were refused: ${first.why}`
}
