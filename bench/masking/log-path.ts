import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type LogFile, openLogFile } from '../../src/ci/supervisor/log-file.ts'
import { jobFiles } from '../../src/ci/supervisor/order.ts'

const mostBytes = 1024 * 1024 * 1024

/** The log of a supervisor, in a folder of its own that goes away with it. */
export function openLog(
  folder: string,
  secrets: readonly string[],
): Readonly<{ log: LogFile; file: string }> & Disposable {
  const own = mkdtempSync(join(folder, 'log-'))
  const began = performance.now()
  const log = openLogFile(own, { secrets, logBytes: mostBytes, nowMs: () => performance.now() - began })
  return { log, file: join(own, jobFiles.log), [Symbol.dispose]: () => rmSync(own, { recursive: true }) }
}

/** What stands on the disk of what was printed in these pieces, without the times, in one text again. */
export function kept(folder: string, secrets: readonly string[], pieces: readonly Uint8Array[]): string {
  using opened = openLog(folder, secrets)
  for (const piece of pieces) opened.log.print(piece)
  opened.log.close()
  const records = readFileSync(opened.file, 'utf8').split('\n')
  return records.map((record) => record.slice(record.indexOf(' ') + 1)).join('\n')
}
