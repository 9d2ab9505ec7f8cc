import { mkdirSync, rmSync, truncateSync } from 'node:fs'
import { GrowingFile } from '../../segments/growing-file.ts'
import { numberedPath, numbersIn } from '../../segments/numbered.ts'
import type { Place } from './position.ts'
import { type Found, foundAt, lookThrough } from './segment.ts'

/** A segment, and how many of its samples were not sent yet. */
type Segment = { readonly number: number; bytes: number; waiting: number }

/** The files of the queue, oldest first. The last one is written to; every start begins another. */
export class Segments {
  readonly #folder: string
  readonly #limitBytes: number
  readonly #segments: Segment[] = []
  #file: GrowingFile

  /** Files before the place are gone with it. What is torn is cut off and told, in bytes. */
  constructor(folder: string, limitBytes: number, from: Place, torn: (bytes: number) => void) {
    this.#folder = folder
    this.#limitBytes = limitBytes
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const numbers = numbersIn(folder, 'far')
    for (const number of numbers) {
      if (number < from.segment) rmSync(this.#path(number))
      else this.#look(number, number === from.segment ? from.at : 0, torn)
    }
    const number = Math.max(numbers.at(-1) ?? 0, from.segment) + 1
    this.#file = new GrowingFile(this.#path(number))
    this.#segments.push({ number, bytes: 0, waiting: 0 })
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  get waiting(): number {
    return this.#segments.reduce((sum, { waiting }) => sum + waiting, 0)
  }

  /** The oldest, unless it is the one that is written to. */
  get oldest(): Readonly<Segment> | null {
    const [first] = this.#segments
    return first === undefined || first === this.#last ? null : first
  }

  /** Throws what the file system throws; then nothing of it is there. */
  append(frame: Uint8Array, samples: number): void {
    if (this.#last.bytes > 0 && this.#last.bytes + frame.length > this.#limitBytes) this.#cut()
    const last = this.#last
    this.#file.append(frame)
    last.bytes += frame.length
    last.waiting += samples
  }

  /** What stands there, or at the beginning of the next segment where this one ends; null at the end of all. */
  find({ segment, at }: Place): Readonly<{ at: Place; found: Found }> | null {
    for (const each of this.#segments) {
      if (each.number < segment) continue
      const from = each.number === segment ? at : 0
      if (from < each.bytes)
        return { at: { segment: each.number, at: from }, found: foundAt(this.#path(each.number), from) }
    }
    return null
  }

  /** So many samples of a segment do not wait any more. */
  took(number: number, samples: number): void {
    const segment = this.#segments.find((each) => each.number === number)
    if (segment !== undefined) segment.waiting -= samples
  }

  dropBefore(number: number): void {
    while (this.oldest !== null && this.oldest.number < number) {
      rmSync(this.#path(this.oldest.number))
      this.#segments.shift()
    }
  }

  /** Resolves when all that was appended is on the disk. */
  sync(): Promise<void> {
    return this.#file.sync()
  }

  close(): void {
    this.#file.close()
  }

  get #last(): Segment {
    const last = this.#segments.at(-1)
    if (last === undefined) throw new Error('a queue without a segment')
    return last
  }

  #look(number: number, from: number, torn: (bytes: number) => void): void {
    const path = this.#path(number)
    const { waiting, bytes, behind } = lookThrough(path, from)
    if (behind > 0) {
      truncateSync(path, bytes)
      torn(behind)
    }
    this.#segments.push({ number, bytes, waiting })
  }

  /** One that fails leaves everything as it is. */
  #cut(): void {
    const number = this.#last.number + 1
    const file = new GrowingFile(this.#path(number))
    this.#file.close()
    this.#segments.push({ number, bytes: 0, waiting: 0 })
    this.#file = file
  }

  #path(number: number): string {
    return numberedPath(this.#folder, 'far', number)
  }
}
