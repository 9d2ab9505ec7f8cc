import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Run } from '../../source.ts'
import { syncFolder } from '../sync-folder.ts'
import { BlockBuilder, blockMagic, type WrittenBlock } from './build-block.ts'

/** A block that is being written, series by series; neighbours that are alike make it small. It is there whole or not at all. */
export class BlockFile {
  readonly #path: string
  readonly #file: number
  #isOpen = true
  readonly #block = new BlockBuilder()

  /** Begins beside `path`, under a name that ends in `.new`. */
  constructor(path: string) {
    this.#path = path
    this.#file = openSync(`${path}.new`, 'w', 0o600)
    try {
      this.#write([blockMagic])
    } catch (thrown) {
      this.abandon()
      throw thrown
    }
  }

  add(run: Run): void {
    this.#block.add(run)
    this.#write(this.#block.takeParts())
  }

  /** It is on the disk, under its name, when this returns. */
  end(): WrittenBlock {
    const { rest, ...written } = this.#block.end()
    this.#write(rest)
    fsyncSync(this.#file)
    this.#close()
    renameSync(`${this.#path}.new`, this.#path)
    syncFolder(dirname(this.#path))
    return written
  }

  abandon(): void {
    this.#close()
    rmSync(`${this.#path}.new`, { force: true })
  }

  #close(): void {
    if (this.#isOpen) closeSync(this.#file)
    this.#isOpen = false
  }

  #write(parts: readonly Uint8Array[]): void {
    for (const part of parts) for (let at = 0; at < part.length;) at += writeSync(this.#file, part, at)
  }
}

/** Writes a block of these series under `path`. Throws what the file system throws. */
export function writeBlock(path: string, runs: Iterable<Run>): WrittenBlock {
  const file = new BlockFile(path)
  try {
    for (const run of runs) file.add(run)
    return file.end()
  } catch (thrown) {
    file.abandon()
    throw thrown
  }
}
