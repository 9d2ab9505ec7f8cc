import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Edit } from '../evaluate/table.ts'

/** The flags as they were when the hub was last heard. */
export type LastKnown = Readonly<{ rev: string; all: Edit }>

const format = 'tandem-flags-1'

type Head = Readonly<{ format: string; rev: string; savedAt: string; sha256: string }>

/**
 * The file of the last known flags: a head in one line, then the flags as JSON. `scope` names where they came from, the
 * hub and the key: what was kept for another is not used.
 */
export class LastKnownFile {
  readonly #path: string
  readonly #scope: string
  #wanted: (() => LastKnown) | null = null
  #writing: Promise<void> | null = null

  constructor(path: string, scope: string) {
    this.#path = path
    this.#scope = scope
  }

  /** What is kept; null when there is nothing. Throws when there is something that cannot be used, and says why. */
  async read(): Promise<LastKnown | null> {
    let text: string
    try {
      text = await readFile(this.#path, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
    const end = text.indexOf('\n')
    const head = headOf(text.slice(0, end))
    const body = text.slice(end + 1)
    if (head === null || end === -1) throw new Error(`${this.#path} is no file of flags, or was cut`)
    if (head.sha256 !== this.#checksum(head.rev, [body]))
      throw new Error(`${this.#path} is damaged, or was kept for another hub or key`)
    return { rev: head.rev, all: JSON.parse(body) as Edit }
  }

  /** Has what `now` gives written, soon; of what is asked for meanwhile, only the last. */
  write(now: () => LastKnown, failed: (error: unknown) => void): void {
    this.#wanted = now
    this.#writing ??= this.#writeWanted(failed).finally(() => (this.#writing = null))
  }

  /** Resolves when everything that was asked for is on disk, or has failed. */
  async settled(): Promise<void> {
    await this.#writing
  }

  async #writeWanted(failed: (error: unknown) => void): Promise<void> {
    try {
      await this.#sweep()
      for (let now = this.#take(); now !== null; now = this.#take()) await this.#replace(now())
    } catch (error) {
      failed(error)
    }
  }

  #take(): (() => LastKnown) | null {
    const wanted = this.#wanted
    this.#wanted = null
    return wanted
  }

  /** A whole file beside it, synced, then renamed over it: whoever reads finds the old one or the new one. */
  async #replace({ rev, all }: LastKnown): Promise<void> {
    const pieces = await piecesOf(all)
    const head: Head = { format, rev, savedAt: new Date().toISOString(), sha256: this.#checksum(rev, pieces) }
    const part = `${this.#path}.${process.pid}.part`
    await mkdir(dirname(this.#path), { recursive: true })
    const file = await open(part, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(head)}\n`)
      for (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, this.#path)
    await syncFolder(dirname(this.#path))
  }

  /** Takes away what a process left that was killed while it wrote. */
  async #sweep(): Promise<void> {
    const folder = dirname(this.#path)
    const name = `${basename(this.#path)}.`
    for (const entry of await readdir(folder).catch(() => []))
      if (entry.startsWith(name) && entry.endsWith('.part')) {
        const path = join(folder, entry)
        const found = await stat(path).catch(() => null)
        if (found !== null && Date.now() - found.mtimeMs > leftoverMs) await rm(path, { force: true })
      }
  }

  #checksum(rev: string, pieces: readonly string[]): string {
    const hash = createHash('sha256').update(`${format}\n${this.#scope}\n${rev}\n`)
    for (const piece of pieces) hash.update(piece)
    return hash.digest('hex')
  }
}

const leftoverMs = 60_000
const flagsPerTurn = 500

/** JSON in pieces, so that ten thousand flags do not hold the program up. */
async function piecesOf({ flags, segments }: Edit): Promise<readonly string[]> {
  const pieces: string[] = []
  for (const [name, members] of [
    ['{"flags":', Object.entries(flags)],
    [',"segments":', Object.entries(segments)],
  ] as const) {
    pieces.push(`${name}{`)
    for (let at = 0; at < members.length; at += flagsPerTurn) {
      const some = members.slice(at, at + flagsPerTurn)
      const text = some.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')
      pieces.push(at === 0 ? text : `,${text}`)
      await nextTurn()
    }
    pieces.push('}')
  }
  pieces.push('}\n')
  return pieces
}

function headOf(line: string): Head | null {
  try {
    const head = JSON.parse(line) as Partial<Head> | null
    if (head?.format !== format || typeof head.rev !== 'string' || typeof head.sha256 !== 'string')
      return null
    return { format, rev: head.rev, savedAt: String(head.savedAt), sha256: head.sha256 }
  } catch {
    return null
  }
}

/** The rename itself must survive a loss of power; systems that cannot sync a folder do without. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  await folder?.sync().catch(() => {})
  await folder?.close()
}
