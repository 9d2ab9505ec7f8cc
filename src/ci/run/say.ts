import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jobFiles } from '../supervisor/order.ts'

/** Writes one line of ours into the log of a job that no supervisor writes into: before it begins, or after its end. */
export async function say(folder: string, ms: number, line: string): Promise<void> {
  await appendFile(join(folder, jobFiles.log), `${Math.max(0, Math.round(ms))} ${line}\n`, { mode: 0o600 })
}
