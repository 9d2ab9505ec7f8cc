import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Holds a folder for one writer. The system itself lets go when the process ends, however it ends. Null when somebody else
 * has it.
 */
export function lockFolder(folder: string): Readonly<{ release: () => void }> | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(folder, 'lock'))
  try {
    database.exec('begin exclusive')
  } catch (thrown) {
    database.close()
    if (isBusy(thrown)) return null
    throw thrown
  }
  return { release: () => database.close() }
}

const busyCode = 5

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Error && 'errcode' in thrown && thrown.errcode === busyCode
