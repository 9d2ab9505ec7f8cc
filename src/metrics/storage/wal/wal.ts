import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder } from '../sync-folder.ts'
import type { WalRecord } from './record.ts'
import { ByteWriter } from '../codec/bytes.ts'
import { DiskFull, isFull } from '../disk-full.ts'
import { frame, readSegment } from './segment.ts'

const segmentName = /^wal-(\d{8})$/
const frameBytes = 64 * 1024
const segmentLimitBytes = 64 * 2 ** 20

/** What stood behind a record that is not as it was written, and is gone. */
export type Lost = Readonly<{ path: string; bytes: number }>

export type OpenedWal = Readonly<{ wal: Wal; records: number; lost: readonly Lost[] }>

/**
 * The write-ahead log of samples. What was appended is with the operating system when `append` returns, so that it outlives
 * us; with the next `sync` it is on the disk, so that it outlives the machine. One process at a time writes to a folder.
 */
export class Wal {
  readonly #folder: string
  #segment: number
  #file: number
  #bytes = 0
  #isUnsynced = false
  /** What is being written; made anew after something large. */
  #frames = new ByteWriter(frameBytes)

  private constructor(folder: string, segment: number) {
    this.#folder = folder
    this.#segment = segment
    this.#file = begin(folder, segment)
  }

  /** Hands over all records there are, oldest first, then goes on behind them in a segment of its own. */
  static open(folder: string, heed: (record: WalRecord) => void): OpenedWal {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const segments = segmentsIn(folder)
    const lost: Lost[] = []
    let records = 0
    for (const segment of segments) {
      const path = pathOf(folder, segment)
      const { bytes, behind } = readSegment(path, (record) => {
        records += 1
        heed(record)
      })
      if (behind === 0) continue
      lost.push({ path, bytes: behind })
      truncateSync(path, bytes)
    }
    return { wal: new Wal(folder, (segments.at(-1) ?? 0) + 1), records, lost }
  }

  /** Throws a DiskFull, or what else the file system throws; then nothing of it is in the log. */
  append(records: readonly WalRecord[]): void {
    if (this.#frames.length > 16 * frameBytes) this.#frames = new ByteWriter(frameBytes)
    this.#frames.clear()
    for (const record of records) frame(record, this.#frames)
    const bytes = this.#frames.bytes()
    if (this.#bytes + bytes.length > segmentLimitBytes) this.cut()
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
    } catch (thrown) {
      // A disk that filled up in the middle must not leave half a record before the next ones.
      truncateSync(pathOf(this.#folder, this.#segment), this.#bytes)
      throw isFull(thrown) ? new DiskFull(this.#folder, thrown) : thrown
    }
    this.#bytes += bytes.length
    this.#isUnsynced = true
  }

  /** Resolves when all that was appended is on the disk. */
  async sync(): Promise<void> {
    if (!this.#isUnsynced) return
    this.#isUnsynced = false
    try {
      await promisify(fdatasync)(this.#file)
    } catch (thrown) {
      this.#isUnsynced = true
      throw thrown
    }
  }

  /** Begins another segment, and gives back its number: what is appended from now on stands there and later. */
  cut(): number {
    const file = beginOrFull(this.#folder, this.#segment + 1)
    fdatasyncSync(this.#file)
    closeSync(this.#file)
    this.#segment += 1
    this.#file = file
    this.#bytes = 0
    this.#isUnsynced = false
    return this.#segment
  }

  /** What all segments have. */
  bytes(): number {
    return segmentsIn(this.#folder).reduce(
      (sum, segment) => sum + statSync(pathOf(this.#folder, segment)).size,
      0,
    )
  }

  /** The files of the segments before this one. */
  segmentsBefore(segment: number): readonly string[] {
    return segmentsIn(this.#folder)
      .filter((old) => old < segment)
      .map((old) => pathOf(this.#folder, old))
  }

  /** Removes the segments before this one. */
  dropBefore(segment: number): void {
    for (const old of segmentsIn(this.#folder)) if (old < segment) rmSync(pathOf(this.#folder, old))
    syncFolder(this.#folder)
  }

  close(): void {
    fdatasyncSync(this.#file)
    closeSync(this.#file)
  }
}

function beginOrFull(folder: string, segment: number): number {
  try {
    return begin(folder, segment)
  } catch (thrown) {
    throw isFull(thrown) ? new DiskFull(folder, thrown) : thrown
  }
}

function begin(folder: string, segment: number): number {
  // `a`: after a piece that was cut off again, the next one follows what is there.
  const file = openSync(pathOf(folder, segment), 'a', 0o600)
  syncFolder(folder)
  return file
}

function segmentsIn(folder: string): readonly number[] {
  return readdirSync(folder)
    .flatMap((name) => segmentName.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b)
}

function pathOf(folder: string, segment: number): string {
  return join(folder, `wal-${String(segment).padStart(8, '0')}`)
}
