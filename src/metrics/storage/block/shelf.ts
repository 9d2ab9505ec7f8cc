import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Labels } from '../../labels.ts'
import type { Span } from '../window.ts'
import { PartCache } from './part-cache.ts'
import { Block } from './read-block.ts'

const blockName = /^block-(\d+)-(\d+)-(\d+)$/
const cacheBytes = 16 * 2 ** 20
/** More are not open at a time. */
const mostOpen = 48
/** Nobody reads so long: a question has a limit that is shorter. */
const lingersMs = 300_000

/** A block by its times, both included, and when it was written, counted; opened when it is asked for. */
export type Shelved = Span & Readonly<{ path: string; nth: number; bytes: number }>

/** `numberOf` gives series that are not known a number. */
export type ShelfWorld = Readonly<{ numberOf: (labels: Labels) => number; now: () => number }>

/** The blocks of a folder, in the order in which they were written. Their times may overlap where samples came late. */
export class Shelf {
  readonly #folder: string
  readonly #cache = new PartCache(cacheBytes)
  readonly #numberOf: ShelfWorld['numberOf']
  readonly #now: ShelfWorld['now']
  /** The longest unasked first. */
  readonly #open = new Map<string, Block>()
  /** Closed when nobody can be reading them any more. */
  #lingering: Readonly<{ block: Block; sinceMs: number }>[] = []
  #blocks: readonly Shelved[] = []
  #next: number

  constructor(folder: string, { numberOf, now }: ShelfWorld) {
    this.#folder = folder
    this.#numberOf = numberOf
    this.#now = now
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // What was being written when somebody died.
    for (const name of readdirSync(folder)) if (name.endsWith('.new')) rmSync(join(folder, name))
    this.#blocks = this.#look()
    this.#next = Math.max(0, ...this.#blocks.map(({ nth }) => nth)) + 1
  }

  get blocks(): readonly Shelved[] {
    return this.#blocks
  }

  get newestMs(): number {
    return this.#blocks.reduce((newest, { toMs }) => Math.max(newest, toMs), -Infinity)
  }

  /** Where the next block is to be written, which is of these times at most. */
  nextPath({ fromMs, toMs }: Span): string {
    this.#next += 1
    return join(this.#folder, `block-${fromMs}-${toMs}-${this.#next - 1}`)
  }

  /** Takes in what was written meanwhile. */
  refresh(): void {
    this.#blocks = this.#look()
  }

  /** Throws a BrokenBlock. */
  open({ path }: Shelved): Block {
    const known = this.#open.get(path)
    const block = known ?? new Block(path, this.#cache, this.#numberOf)
    this.#open.delete(path)
    this.#open.set(path, block)
    const [oldest] = this.#open.keys()
    if (this.#open.size > mostOpen && oldest !== undefined) this.#putAway(oldest)
    return block
  }

  /** The series of the blocks that are open. */
  *numbers(): Iterable<number> {
    for (const block of this.#open.values()) yield* block.numbers()
  }

  remove(removed: readonly Shelved[]): void {
    for (const { path } of removed) {
      this.#putAway(path)
      rmSync(path, { force: true })
    }
    this.#blocks = this.#blocks.filter((one) => !removed.includes(one))
  }

  /** Moves a block that cannot be read out of the way, and gives back where it is now. */
  setAside(shelved: Shelved): string {
    const folder = join(dirname(this.#folder), 'broken')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, basename(shelved.path))
    this.#putAway(shelved.path)
    renameSync(shelved.path, path)
    this.#blocks = this.#blocks.filter((one) => one !== shelved)
    return path
  }

  /** Closes what nobody reads any more. */
  tidy(): void {
    const nowMs = this.#now()
    const over = this.#lingering.filter(({ sinceMs }) => Math.abs(nowMs - sinceMs) > lingersMs)
    for (const { block } of over) block.close()
    this.#lingering = this.#lingering.filter((one) => !over.includes(one))
  }

  close(): void {
    for (const block of this.#open.values()) block.close()
    for (const { block } of this.#lingering) block.close()
    this.#open.clear()
    this.#lingering = []
  }

  #putAway(path: string): void {
    const block = this.#open.get(path)
    if (block === undefined) return
    this.#open.delete(path)
    this.#lingering.push({ block, sinceMs: this.#now() })
  }

  /** Blocks that were known stay the same objects. */
  #look(): readonly Shelved[] {
    const known = new Map(this.#blocks.map((one) => [one.path, one]))
    return readdirSync(this.#folder)
      .flatMap((name) => {
        const [, from, to, nth] = blockName.exec(name) ?? []
        if (from === undefined) return []
        const path = join(this.#folder, name)
        const there = known.get(path)
        if (there !== undefined) return [there]
        return [
          { path, fromMs: Number(from), toMs: Number(to), nth: Number(nth), bytes: statSync(path).size },
        ]
      })
      .toSorted((a, b) => a.nth - b.nth)
  }
}
