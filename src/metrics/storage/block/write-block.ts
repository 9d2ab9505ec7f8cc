import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Labels } from '../../labels.ts'
import type { Run } from '../../source.ts'
import { syncFolder } from '../sync-folder.ts'
import { BlockBuilder, type WrittenBlock } from './build-block.ts'
import { ofSamples, type Shape } from './shape.ts'

/** A block that is being written, series by series; neighbours that are alike make it small. It is there whole or not at all. */
export class BlockFile<One extends Readonly<{ labels: Labels }>> {
  readonly #path: string
  readonly #file: number
  #isOpen = true
  readonly #block: BlockBuilder<One>

  /** Begins beside `path`, under a name that ends in `.new`. */
  constructor(path: string, shape: Shape<One>) {
    this.#path = path
    this.#block = new BlockBuilder(shape)
    this.#file = openSync(`${path}.new`, 'w', 0o600)
    try {
      this.#write([shape.magic])
    } catch (thrown) {
      this.abandon()
      throw thrown
    }
  }

  add(one: One): void {
    this.#block.add(one)
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
  const file = new BlockFile(path, ofSamples)
  try {
    for (const run of runs) file.add(run)
    return file.end()
  } catch (thrown) {
    file.abandon()
    throw thrown
  }
}
