import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Place } from './position.ts'
import { type Found, foundAt, lookThrough } from './segment.ts'

const segmentName = /^far-(\d{8})$/

/** A segment, and how many of its samples were not sent yet. */
type Segment = { readonly number: number; bytes: number; waiting: number }

/** The files of the queue, oldest first. The last one is written to; every start begins another. */
export class Segments {
  readonly #folder: string
  readonly #limitBytes: number
  readonly #segments: Segment[] = []
  #file: number
  #isUnsynced = false

  /** Files before the place are gone with it. What is torn is cut off and told, in bytes. */
  constructor(folder: string, limitBytes: number, from: Place, torn: (bytes: number) => void) {
    this.#folder = folder
    this.#limitBytes = limitBytes
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const numbers = segmentsIn(folder)
    for (const number of numbers) {
      if (number < from.segment) rmSync(this.#path(number))
      else this.#look(number, number === from.segment ? from.at : 0, torn)
    }
    this.#file = this.#begin(Math.max(numbers.at(-1) ?? 0, from.segment) + 1)
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
    try {
      for (let at = 0; at < frame.length;) at += writeSync(this.#file, frame, at)
    } catch (thrown) {
      // A disk that filled up in the middle must not leave half a block before the next ones.
      truncateSync(this.#path(last.number), last.bytes)
      throw thrown
    }
    last.bytes += frame.length
    last.waiting += samples
    this.#isUnsynced = true
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
  async sync(): Promise<void> {
    if (!this.#isUnsynced) return
    this.#isUnsynced = false
    await promisify(fdatasync)(this.#file)
  }

  close(): void {
    fdatasyncSync(this.#file)
    closeSync(this.#file)
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

  #cut(): void {
    fdatasyncSync(this.#file)
    const file = this.#begin(this.#last.number + 1)
    closeSync(this.#file)
    this.#file = file
  }

  #begin(number: number): number {
    const file = openSync(this.#path(number), 'a', 0o600)
    this.#segments.push({ number, bytes: 0, waiting: 0 })
    return file
  }

  #path(number: number): string {
    return join(this.#folder, `far-${String(number).padStart(8, '0')}`)
  }
}

function segmentsIn(folder: string): readonly number[] {
  return readdirSync(folder)
    .flatMap((name) => segmentName.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
}
