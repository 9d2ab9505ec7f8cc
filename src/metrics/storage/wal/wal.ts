import { mkdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { GrowingFile } from '../../segments/growing-file.ts'
import { numberedPath, numbersIn } from '../../segments/numbered.ts'
import { syncFolder } from '../sync-folder.ts'
import type { WalRecord } from './record.ts'
import { ByteWriter } from '../codec/bytes.ts'
import { DiskFull, isFull } from '../disk-full.ts'
import { frame, readSegment } from './segment.ts'

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
  #file: GrowingFile
  /** What is being written; made anew after something large. */
  #frames = new ByteWriter(frameBytes)

  private constructor(folder: string, segment: number) {
    this.#folder = folder
    this.#segment = segment
    this.#file = new GrowingFile(pathOf(folder, segment))
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
    if (this.#file.bytes + bytes.length > segmentLimitBytes) this.cut()
    orFull(this.#folder, () => this.#file.append(bytes))
  }

  /** Resolves when all that was appended is on the disk. */
  sync(): Promise<void> {
    return this.#file.sync()
  }

  /** Begins another segment, and gives back its number: what is appended from now on stands there and later. */
  cut(): number {
    const file = orFull(this.#folder, () => new GrowingFile(pathOf(this.#folder, this.#segment + 1)))
    this.#file.close()
    this.#segment += 1
    this.#file = file
    return this.#segment
  }

  /** The first and the last segment. */
  get segments(): Readonly<{ first: number; last: number }> {
    return { first: segmentsIn(this.#folder)[0] ?? this.#segment, last: this.#segment }
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
    this.#file.close()
  }
}

function orFull<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw isFull(thrown) ? new DiskFull(folder, thrown) : thrown
  }
}

const segmentsIn = (folder: string): readonly number[] => numbersIn(folder, 'wal')

const pathOf = (folder: string, segment: number): string => numberedPath(folder, 'wal', segment)
