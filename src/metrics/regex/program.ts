import type { CharSet } from '../../../sdk/regex/set.ts'
import type { Place, Tree } from './tree.ts'
import { PatternTrouble } from './trouble.ts'

/** One instruction; a fork prefers its first way. Numbers are places in the program. */
export type Step =
  | Readonly<{ type: 'set'; set: CharSet }>
  | Readonly<{ type: 'fork'; to: readonly number[] }>
  | Readonly<{ type: 'place'; at: Place }>
  | Readonly<{ type: 'mark'; slot: number }>
  | Readonly<{ type: 'found' }>

/** `groups` are the names of groups, by number from 1; the empty text where a group has none. */
export type Program = Readonly<{ steps: readonly Step[]; groups: readonly string[] }>

const stepLimit = 20_000

/** An expression as steps, repeats written out; `text` is how it was written. */
export function programOf(tree: Tree, text: string): Program {
  const writer = new Writer(text)
  writer.write(tree)
  writer.add({ type: 'found' })
  return { steps: writer.steps, groups: writer.groups }
}

class Writer {
  readonly steps: Step[] = []
  readonly groups: string[] = ['']
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  add(step: Step): number {
    if (this.steps.length >= stepLimit) throw new PatternTrouble('expression too large', this.#text)
    return this.steps.push(step) - 1
  }

  write(tree: Tree): void {
    switch (tree.type) {
      case 'set':
      case 'place':
        this.add(tree)
        return
      case 'sequence':
        for (const part of tree.parts) this.write(part)
        return
      case 'choice':
        this.#choice(tree.parts)
        return
      case 'repeat':
        this.#repeat(tree)
        return
      case 'group':
        this.groups[tree.number] = tree.name
        this.add({ type: 'mark', slot: 2 * tree.number })
        this.write(tree.part)
        this.add({ type: 'mark', slot: 2 * tree.number + 1 })
    }
  }

  #choice(parts: readonly Tree[]): void {
    const fork = this.#hole()
    const begins: number[] = []
    const ends: number[] = []
    for (const part of parts) {
      begins.push(this.steps.length)
      this.write(part)
      ends.push(this.#hole())
    }
    this.steps[fork] = { type: 'fork', to: begins }
    for (const end of ends) this.steps[end] = { type: 'fork', to: [this.steps.length] }
  }

  #repeat({ part, min, max, isLazy }: Tree & { type: 'repeat' }): void {
    for (let time = 0; time < min; time += 1) this.write(part)
    const ways = (into: number, past: number): Step => ({
      type: 'fork',
      to: isLazy ? [past, into] : [into, past],
    })
    if (max === Infinity) {
      const fork = this.#hole()
      this.write(part)
      this.add({ type: 'fork', to: [fork] })
      this.steps[fork] = ways(fork + 1, this.steps.length)
      return
    }
    const forks: number[] = []
    for (let time = min; time < max; time += 1) {
      forks.push(this.#hole())
      this.write(part)
    }
    for (const fork of forks) this.steps[fork] = ways(fork + 1, this.steps.length)
  }

  /** A fork that is written when it is known where it leads. */
  #hole(): number {
    return this.add({ type: 'fork', to: [] })
  }
}

export function holds(set: CharSet, point: number): boolean {
  for (let at = 0; at < set.length; at += 2) if (point <= (set[at + 1] ?? -1)) return point >= (set[at] ?? 0)
  return false
}

export function isPlace(at: Place, text: string, index: number): boolean {
  switch (at) {
    case 'text start':
      return index === 0
    case 'text end':
      return index === text.length
    case 'line start':
      return index === 0 || text[index - 1] === '\n'
    case 'line end':
      return index === text.length || text[index] === '\n'
    case 'word':
      return isBorder(text, index)
    case 'no word':
      return !isBorder(text, index)
  }
}

function isBorder(text: string, index: number): boolean {
  return /\w/.test(text[index - 1] ?? '') !== /\w/.test(text[index] ?? '')
}
