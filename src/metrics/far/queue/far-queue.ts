import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Block, framed } from './block.ts'
import { isBefore, type Place, PositionFile, readPosition, start } from './position.ts'
import { Segments } from './segments.ts'

const largestSegmentBytes = 8 * 2 ** 20
/** Samples are dropped a segment at a time, so that there are some. */
const fewestSegments = 8

/** Blocks that go out together. */
export type Batch = Readonly<{ blocks: readonly (Block & Readonly<{ segment: number }>)[]; end: Place }>

/** How much goes out together at most; one block always may. */
export type BatchLimits = Readonly<{ samples: number; bytes: number }>

/** What the far side will never get. Of what is not as it was written, samples are known only where its head is whole. */
export type Lost = Readonly<{ why: 'queue full' | 'not as written'; samples: number; bytes: number }>

/**
 * What waits for the far side, on disk, oldest first: what was appended outlives us, and is given out until it is said to be
 * done. Where it grows over its limit, the oldest is dropped. One process at a time owns a folder.
 */
export class FarQueue {
  #limitBytes: number
  readonly #lost: (lost: Lost) => void
  readonly #position: PositionFile
  readonly #segments: Segments
  #from: Place
  /** Where that ends which was given out last. What was being sent when we died is sent again just as it was. */
  #to: Place
  /** Up to where it was told what is broken. */
  #told: Place = start

  constructor(folder: string, limitBytes: number, lost: (lost: Lost) => void) {
    this.#limitBytes = limitBytes
    this.#lost = lost
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, 'position')
    const { from, to } = readPosition(path)
    this.#from = from
    this.#to = to
    this.#position = new PositionFile(path)
    // What has its room now needs none when the disk is full.
    this.#position.write({ from, to })
    const segmentBytes = Math.min(largestSegmentBytes, Math.ceil(limitBytes / fewestSegments))
    this.#segments = new Segments(folder, segmentBytes, from, (bytes) =>
      lost({ why: 'not as written', samples: 0, bytes }),
    )
  }

  /** Bytes on disk, samples that wait, and since when the oldest does; null when none does. */
  get depth(): Readonly<{ bytes: number; samples: number; sinceMs: number | null }> {
    const first = this.#segments.find(this.#from)?.found
    return {
      bytes: this.#segments.bytes,
      samples: this.#segments.waiting,
      sinceMs: first?.type === 'block' ? first.block.queuedMs : null,
    }
  }

  /** Throws what the file system throws; then nothing of it is in the queue. */
  append(block: Block): void {
    this.#segments.append(framed(block), block.samples)
    this.#keepWithin()
  }

  /** How much may wait from now on. */
  limitTo(bytes: number): void {
    this.#limitBytes = bytes
    this.#keepWithin()
  }

  /** The oldest blocks that are not done; null when there are none. Until they are, the same are given out again. */
  next(limits: BatchLimits): Batch | null {
    const blocks: (Block & { segment: number })[] = []
    const isAgain = isBefore(this.#from, this.#to)
    let [place, samples, bytes] = [this.#from, 0, 0]
    while (!isAgain || isBefore(place, this.#to)) {
      const found = this.#blockFrom(place)
      if (found === null) break
      samples += found.block.samples
      bytes += found.block.body.length
      const isTooMuch = samples > limits.samples || bytes > limits.bytes
      if (!isAgain && blocks.length > 0 && isTooMuch) break
      blocks.push({ ...found.block, segment: found.segment })
      place = found.end
    }
    this.#to = place
    if (blocks.length === 0) return null
    this.#position.write({ from: this.#from, to: place })
    return { blocks, end: place }
  }

  /** The batch need not be sent any more. */
  done({ blocks, end }: Batch): void {
    for (const { segment, samples } of blocks) this.#segments.took(segment, samples)
    // What was dropped in the meantime lies behind us already.
    if (isBefore(this.#from, end)) this.#moveTo(end)
  }

  /** Resolves when all that was appended is on the disk. */
  sync(): Promise<void> {
    return this.#segments.sync()
  }

  close(): void {
    this.#segments.close()
    this.#position.close()
  }

  #keepWithin(): void {
    for (let oldest = this.#segments.oldest; oldest !== null; oldest = this.#segments.oldest) {
      if (this.#segments.bytes <= this.#limitBytes) return
      if (oldest.waiting > 0) this.#lost({ why: 'queue full', samples: oldest.waiting, bytes: oldest.bytes })
      this.#moveTo({ segment: oldest.number + 1, at: 0 })
    }
  }

  /** The first whole block from a place on. What is broken before it is told, and passed by for good. */
  #blockFrom(place: Place): Readonly<{ block: Block; segment: number; end: Place }> | null {
    for (let from = place; ;) {
      const next = this.#segments.find(from)
      if (next === null) return null
      const { segment } = next.at
      const end = { segment, at: next.found.next }
      if (next.found.type === 'block') return { block: next.found.block, segment, end }
      const { samples, bytes } = next.found
      if (isBefore(this.#told, end)) {
        this.#told = end
        this.#segments.took(segment, samples)
        this.#lost({ why: 'not as written', samples, bytes })
      }
      from = end
    }
  }

  #moveTo(place: Place): void {
    this.#from = place
    if (isBefore(this.#to, place)) this.#to = place
    this.#position.write({ from: this.#from, to: this.#to })
    this.#segments.dropBefore(place.segment)
  }
}
