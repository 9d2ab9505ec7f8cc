import { closeSync, fdatasync, fdatasyncSync, openSync, truncateSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder } from '../storage/sync-folder.ts'

/**
 * A file that grows at its end. What was appended is with the operating system, so that it outlives us; with the next
 * `sync` it is on the disk, so that it outlives the machine.
 */
export class GrowingFile {
  readonly #path: string
  readonly #file: number
  #bytes = 0
  #isUnsynced = false

  /** Begins a file that is not there, or empty. */
  constructor(path: string) {
    this.#path = path
    // `a`: after a piece that was cut off again, the next one follows what is there.
    this.#file = openSync(path, 'a', 0o600)
    syncFolder(dirname(path))
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Throws what the file system throws; then nothing of it is there. */
  append(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at)
    } catch (thrown) {
      // A disk that filled up in the middle must not leave half a piece before the next ones.
      truncateSync(this.#path, this.#bytes)
      throw thrown
    }
    this.#bytes += bytes.length
    this.#isUnsynced = true
  }

  /** Resolves when all that was appended is on the disk; one that failed is tried again by the next. */
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

  /** All of it is on the disk then. */
  close(): void {
    fdatasyncSync(this.#file)
    closeSync(this.#file)
  }
}
