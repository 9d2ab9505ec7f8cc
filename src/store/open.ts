import { join } from 'node:path'
import { Database } from './sqlite/database.ts'
import { type Machine, thisMachine } from './holder.ts'
import { logSchema, tandemSchema } from './sqlite/schema.ts'
import { openSeats } from './sqlite/seats.ts'
import { openSqliteFile } from './sqlite/file.ts'
import { sqliteLeases } from './sqlite/leases.ts'
import { sqliteLedger } from './sqlite/ledger.ts'
import { sqliteLog } from './sqlite/log.ts'
import { sqliteRecords } from './sqlite/records.ts'
import { sqliteRuns } from './sqlite/runs.ts'
import { sqliteTokens } from './sqlite/tokens.ts'
import type { Store } from './store.ts'

/**
 * Opens the store in a folder, making both where they are not. Any number of processes may have it open at once.
 * Throws a trouble that names the file where it is damaged, not ours, or newer than this program.
 */
export async function openStore(stateDir: string, machine: Machine = thisMachine()): Promise<Store> {
  const path = join(stateDir, 'tandem.db')
  const database = new Database(await openSqliteFile(path, 'full', tandemSchema), path)
  const log = await openLog(stateDir, database)
  const seats = openSeats(database, machine)
  return {
    ledger: sqliteLedger(database, seats),
    leases: sqliteLeases(database, seats),
    log: sqliteLog(log),
    tokens: sqliteTokens(database),
    records: sqliteRecords(database),
    runs: sqliteRuns(database, machine),
    pulse: () => database.pulse() + log.pulse(),
    close: async () => {
      await log.close()
      await database.close()
    },
  }
}

/** What steps print lies in a file of its own: much of it, worth less, and not to be flushed to disk line by line. */
async function openLog(stateDir: string, database: Database): Promise<Database> {
  const path = join(stateDir, 'log.db')
  try {
    return new Database(await openSqliteFile(path, 'normal', logSchema), path)
  } catch (error) {
    await database.close()
    throw error
  }
}
