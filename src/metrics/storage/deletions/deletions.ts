import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Labels } from '../../labels.ts'
import type { Shelved } from '../block/shelf.ts'
import type { Span } from '../window.ts'
import { type Deletion, meansOf } from './deletion.ts'
import { readDeletions, writeDeletions } from './deletion-file.ts'

/** Of a block, which times of which series are gone. */
export type Gaps = ReadonlyMap<number, readonly Span[]>

/** A file that is open, as far as it matters here. */
type Numbered = Readonly<{ numbers: () => Iterable<number> }>

type Held = Readonly<{
  deletion: Deletion
  means: (labels: Labels) => boolean
  /** Blocks that were looked at, and have nothing that it means. */
  beside: WeakSet<Shelved>
}>

/**
 * What was deleted and still lies in blocks. A block is written anew without it by and by; when none is left that has some, a
 * deletion is over.
 */
export class Deletions {
  readonly #path: string
  readonly #labelsOf: (number: number) => Labels | null
  #held: readonly Held[]
  /** What was found of blocks that are open, until another deletion comes. */
  #found = new WeakMap<Numbered, Gaps | null>()
  /** Where a file is that could not be read to the end; null for one that could. */
  readonly torn: string | null

  constructor(path: string, labelsOf: (number: number) => Labels | null) {
    this.#path = path
    this.#labelsOf = labelsOf
    const { deletions, torn } = readDeletions(path)
    this.#held = deletions.map(heldAs)
    this.torn = torn === 0 ? null : setAside(path)
    if (torn > 0) this.#save()
  }

  get all(): readonly Deletion[] {
    return this.#held.map(({ deletion }) => deletion)
  }

  /** Blocks are counted on from here: one that is written later must not have the count of one that is gone. */
  get upTo(): number {
    return Math.max(0, ...this.#held.map(({ deletion }) => deletion.upTo))
  }

  /** It is on the disk when this returns; throws what the file system throws, and then nothing is deleted. */
  add(deletion: Deletion): void {
    const before = this.#held
    this.#held = [...before, heldAs(deletion)]
    try {
      this.#save()
    } catch (thrown) {
      this.#held = before
      throw thrown
    }
    this.#found = new WeakMap()
  }

  /** What is gone of a block that is open; null where all of it is there. */
  in(shelved: Shelved, block: Numbered): Gaps | null {
    if (this.#held.length === 0) return null
    const known = this.#found.get(block)
    if (known !== undefined) return known
    const found = this.#look(shelved, block)
    this.#found.set(block, found)
    return found
  }

  /** Whether a block may have something that is gone: to be sure it has to be opened. */
  mayConcern(shelved: Shelved): boolean {
    return this.#held.some((held) => concerns(held, shelved))
  }

  /** Forgets the deletions that concern none of these blocks, which are all there are. */
  drop(blocks: readonly Shelved[]): void {
    const left = this.#held.filter((held) => blocks.some((shelved) => concerns(held, shelved)))
    if (left.length === this.#held.length) return
    this.#held = left
    this.#save()
  }

  #look(shelved: Shelved, block: Numbered): Gaps | null {
    const gaps = new Map<number, readonly Span[]>()
    for (const held of this.#held.filter((one) => concerns(one, shelved))) {
      let isBeside = true
      for (const number of block.numbers()) {
        if (!held.means(this.#labelsOf(number) ?? [])) continue
        isBeside = false
        gaps.set(number, [...(gaps.get(number) ?? []), held.deletion])
      }
      if (isBeside) held.beside.add(shelved)
    }
    return gaps.size === 0 ? null : gaps
  }

  #save(): void {
    writeDeletions(this.#path, this.all)
  }
}

const heldAs = (deletion: Deletion): Held => ({
  deletion,
  means: meansOf(deletion),
  beside: new WeakSet(),
})

function concerns({ deletion: { fromMs, toMs, upTo }, beside }: Held, shelved: Shelved): boolean {
  return shelved.nth <= upTo && shelved.fromMs <= toMs && shelved.toMs >= fromMs && !beside.has(shelved)
}

/** Keeps a copy of what cannot be read, for people. */
function setAside(path: string): string {
  const folder = join(dirname(path), 'broken')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, basename(path))
  copyFileSync(path, copy)
  return copy
}
