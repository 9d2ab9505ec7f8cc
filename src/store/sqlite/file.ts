import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { TroubleError } from '../../change/trouble.ts'
import { migrate, type Schema } from './schema.ts'
import { isBusy, storeTrouble } from './trouble.ts'

const patienceMs = 10_000
const pauseMs = 4

/** How long a read may be kept waiting by a process that opens or closes the file just now. */
const readPatienceMs = 5_000
/** How long asking for the write lock may hold up everything else in this process before it asks again later. */
const lockPatienceMs = 2

/** `full`: on disk when a commit returns. `normal`: a power cut may take the last commits, never the file. */
export type Durability = 'full' | 'normal'

/** Opens a database file, made readable by its owner alone, and brings it to the newest schema. */
export async function openSqliteFile(
  path: string,
  durability: Durability,
  schema: Schema,
): Promise<DatabaseSync> {
  makePrivate(path)
  let file: DatabaseSync | null = null
  try {
    const opened = new DatabaseSync(path, { timeout: readPatienceMs })
    file = opened
    // Switching to the write-ahead log and migrating need the file alone; several processes may start at once.
    await patiently(() => {
      opened.exec(`pragma journal_mode = wal; pragma synchronous = ${durability}`)
      opened.exec(`pragma journal_size_limit = ${8 * 1024 * 1024}`)
      migrate(opened, path, schema)
    })
    return opened
  } catch (error) {
    if (file !== null) file.close()
    throw storeTrouble(error, path)
  }
}

/** Begins a transaction that may write; waits for other writers without holding up this process. */
export function beginWriting(file: DatabaseSync): Promise<void> {
  return patiently(() => {
    file.exec(`pragma busy_timeout = ${lockPatienceMs}`)
    try {
      file.exec('begin immediate')
    } finally {
      file.exec(`pragma busy_timeout = ${readPatienceMs}`)
    }
  })
}

/** Does the work again while another process has the file locked, for ten seconds at most. */
async function patiently(work: () => void): Promise<void> {
  const end = performance.now() + patienceMs
  for (;;) {
    try {
      work()
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error
    }
    // At random, so that two who met once do not meet again.
    await delay(Math.random() * pauseMs)
  }
}

function makePrivate(path: string): void {
  const folder = dirname(path)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (existsSync(path)) return
    // `a` and not `wx`: another process may make it at the same time.
    closeSync(openSync(path, 'a', 0o600))
    // The name of a new file is on disk only once its folder is.
    const opened = openSync(folder, 'r')
    fsyncSync(opened)
    closeSync(opened)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    throw new TroubleError(
      {
        what: `the store cannot be made (${String(error.code)})`,
        where: path,
        now: `look whether ${folder} is a folder on a disk with room that this user may write`,
      },
      { cause: error },
    )
  }
}
