import { join } from 'node:path'
import type { Labels } from '../../labels.ts'
import { Breakage } from '../block/breakage.ts'
import type { Count } from '../block/count.ts'
import { type Kept, Shelf, type Shelved } from '../block/shelf.ts'
import type { Deletions, Gaps } from '../deletions/deletions.ts'
import type { Span } from '../window.ts'
import { hours, isInside, type Level, minutes } from './level.ts'
import { RollupFile } from './rollup-file.ts'
import type { Rolled } from './summarize.ts'
import { isMet, without } from './without.ts'

/** A file of summaries that can be read; one that turns out to be broken says nothing more. */
export type OpenRollup = Readonly<{
  shelved: Shelved
  file: RollupFile
  /** What was deleted of it, which is not read. */
  gaps: Gaps | null
  read: (number: number) => Rolled | null
  /** Whether there is anything of a series that meets these times. */
  hasOf: (number: number, span: Span) => boolean
}>

/** The files of one level. */
export type Stack = Readonly<{ level: Level; shelf: Shelf<RollupFile> }>

export type RollupsWorld = Readonly<{
  folder: string
  numberOf: (labels: Labels) => number
  count: Count
  deletions: Deletions
}>

/** The summaries of a store: of minutes and of hours, each on a shelf. */
export class Rollups {
  readonly minutes: Stack
  readonly hours: Stack
  readonly #deletions: Deletions
  readonly #breakage = new Breakage()

  constructor({ folder, numberOf, count, deletions }: RollupsWorld) {
    const make = (level: Level): Stack => ({
      level,
      shelf: new Shelf(keptOf(level, folder), numberOf, count),
    })
    this.minutes = make(minutes)
    this.hours = make(hours)
    this.#deletions = deletions
    for (const { shelf } of this.stacks)
      shelf.remove(shelf.blocks.filter((one) => isLeftOver(one, shelf.blocks)))
  }

  get stacks(): readonly Stack[] {
    return [this.minutes, this.hours]
  }

  get files(): readonly Shelved[] {
    return this.stacks.flatMap(({ shelf }) => shelf.blocks)
  }

  get bytes(): number {
    return this.files.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Null for a file that cannot be read. */
  open({ shelf }: Stack, shelved: Shelved, warnings: string[]): OpenRollup | null {
    const file = this.#breakage.unless(shelved, warnings, () => shelf.open(shelved))
    if (file === null) return null
    const gaps = this.#deletions.in(shelved, file)
    const read: OpenRollup['read'] = (number) => {
      const rolled = this.#breakage.unless(shelved, warnings, () => file.read(number))
      const spans = gaps?.get(number)
      return rolled === null || spans === undefined ? rolled : without(rolled, spans)
    }
    const hasOf: OpenRollup['hasOf'] = (number, span) => {
      const rolled = file.placeOf(number) < 0 ? null : read(number)
      return rolled !== null && isMet(rolled, span)
    }
    return { shelved, file, gaps, read, hasOf }
  }

  /** All files that may have something of these times. */
  within({ fromMs, toMs }: Span): readonly OpenRollup[] {
    return this.stacks.flatMap((stack) =>
      stack.shelf.blocks
        .filter((shelved) => shelved.toMs >= fromMs && shelved.fromMs <= toMs)
        .flatMap((shelved) => this.open(stack, shelved, []) ?? []),
    )
  }

  isBroken(shelved: Shelved): boolean {
    return this.#breakage.found.has(shelved)
  }

  /** Moves files that could not be read out of the way, and says where they are. */
  setAside(): readonly string[] {
    return this.stacks.flatMap(({ shelf }) => {
      const there = shelf.blocks.filter((shelved) => this.#breakage.found.delete(shelved))
      return there.map((shelved) => shelf.setAside(shelved))
    })
  }

  /** The series of the files that are open. */
  *numbers(): Iterable<number> {
    for (const { shelf } of this.stacks) yield* shelf.numbers()
  }

  close(): void {
    for (const { shelf } of this.stacks) shelf.close()
  }
}

function keptOf({ name }: Level, folder: string): Kept<RollupFile> {
  return {
    folder: join(folder, 'rollups'),
    name,
    broken: join(folder, 'broken'),
    cacheBytes: 2 * 2 ** 20,
    open: (path, opening) => new RollupFile(path, opening),
  }
}

/** Whether somebody died between writing a file of many days and removing those of each. */
function isLeftOver(one: Span, all: readonly Span[]): boolean {
  return all.some((other) => other !== one && isInside(one, other) && !isInside(other, one))
}
