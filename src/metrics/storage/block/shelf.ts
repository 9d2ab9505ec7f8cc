import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PartCache } from './part-cache.ts'
import type { Labels } from '../../labels.ts'
import { NumberedBlock } from './numbered-block.ts'
import { Block } from './read-block.ts'

const blockName = /^block-(\d+)-(\d+)$/
const cacheBytes = 32 * 2 ** 20

/** A block by its times, both included; opened when it is asked for. */
export type Shelved = Readonly<{ path: string; fromMs: number; toMs: number }>

/** The blocks of a folder, in the order of their times, which do not overlap. */
export class Shelf {
  readonly #folder: string
  readonly #cache = new PartCache(cacheBytes)
  readonly #numberOf: (labels: Labels) => number
  readonly #open = new Map<string, NumberedBlock>()
  #blocks: readonly Shelved[]

  constructor(folder: string, numberOf: (labels: Labels) => number) {
    this.#folder = folder
    this.#numberOf = numberOf
    // What was being written when somebody died.
    for (const name of readdirSync(folder)) if (name.endsWith('.new')) rmSync(join(folder, name))
    this.#blocks = this.#look()
  }

  get blocks(): readonly Shelved[] {
    return this.#blocks
  }

  /** Where a block of these times is to be written. */
  pathOf(fromMs: number, toMs: number): string {
    return join(this.#folder, `block-${fromMs}-${toMs}`)
  }

  /** Takes in what was written meanwhile. */
  refresh(): void {
    this.#blocks = this.#look()
  }

  /** Throws a BrokenBlock. */
  open({ path }: Shelved): NumberedBlock {
    const known = this.#open.get(path)
    if (known !== undefined) return known
    const block = new NumberedBlock(new Block(path, this.#cache), this.#numberOf)
    this.#open.set(path, block)
    return block
  }

  /** The series of the blocks that are open. */
  *numbers(): Iterable<number> {
    for (const block of this.#open.values()) yield* block.numbers()
  }

  remove(shelved: Shelved): void {
    this.#open.get(shelved.path)?.close()
    this.#open.delete(shelved.path)
    rmSync(shelved.path)
    this.#blocks = this.#blocks.filter((one) => one !== shelved)
  }

  close(): void {
    for (const block of this.#open.values()) block.close()
    this.#open.clear()
  }

  #look(): readonly Shelved[] {
    return readdirSync(this.#folder)
      .flatMap((name) => {
        const [, from, to] = blockName.exec(name) ?? []
        return from === undefined
          ? []
          : [{ path: join(this.#folder, name), fromMs: Number(from), toMs: Number(to) }]
      })
      .toSorted((a, b) => a.fromMs - b.fromMs)
  }
}
