import { GroupRun, type RuleWorld } from './group-run.ts'
import type { Wait } from '../wait.ts'
import type { RuleGroup } from './rule.ts'
import { slotAt } from './slots.ts'

/** How often a group is evaluated that does not say. */
const usualIntervalMs = 60_000

/** A group that is evaluated: `missed` counts the times that were left out because it took too long. */
export type GroupAtWork = Readonly<{ run: GroupRun; intervalMs: number; missed: number }>

type Loop = { run: GroupRun; intervalMs: number; missed: number; stop: AbortController; over: Promise<void> }

/** Evaluates groups of rules, each at its own times, until it is told to stop. */
export class RuleRunner {
  readonly #world: RuleWorld
  readonly #wait: Wait
  #loops: ReadonlyMap<string, Loop> = new Map()

  constructor(world: RuleWorld, wait: Wait) {
    this.#world = world
    this.#wait = wait
  }

  /** These groups instead of those before. Rules that stay as they are remember their series; those of others end. */
  replace(groups: readonly RuleGroup[]): void {
    const before = new Map(this.#loops)
    const loops = new Map<string, Loop>()
    for (const loop of before.values()) loop.stop.abort()
    for (const group of groups) {
      const key = `${group.file}\0${group.name}`
      loops.set(key, this.#begin(group, before.get(key)))
      before.delete(key)
    }
    for (const { run, over } of before.values()) void over.then(() => run.end(this.#world.now()))
    this.#loops = loops
  }

  get groups(): readonly GroupAtWork[] {
    return [...this.#loops.values()]
  }

  /** Resolves when nothing is evaluated any more. */
  async stop(): Promise<void> {
    for (const { stop } of this.#loops.values()) stop.abort()
    await Promise.all([...this.#loops.values()].map(({ over }) => over))
  }

  #begin(group: RuleGroup, before: Loop | undefined): Loop {
    const loop: Loop = {
      run: new GroupRun(group, this.#world),
      intervalMs: group.intervalMs ?? usualIntervalMs,
      missed: 0,
      stop: new AbortController(),
      over: Promise.resolve(),
    }
    loop.over = this.#goOn(loop, before)
    return loop
  }

  async #goOn(loop: Loop, before: Loop | undefined): Promise<void> {
    const { run, intervalMs, stop } = loop
    const slotNow = (): number => slotAt(run.group, intervalMs, this.#world.now())
    if (before !== undefined) {
      await before.over
      run.takeOver(before.run)
    }
    let doneMs = slotNow()
    for (;;) {
      await this.#wait(doneMs + intervalMs - this.#world.now(), stop.signal)
      if (stop.signal.aborted) return
      const dueMs = slotNow()
      // A clock that went back leads to times that were done: they are waited for again from where it is now.
      if (dueMs <= doneMs) {
        doneMs = dueMs
        continue
      }
      loop.missed += Math.round((dueMs - doneMs) / intervalMs) - 1
      doneMs = dueMs
      await run.evaluate(dueMs)
    }
  }
}
