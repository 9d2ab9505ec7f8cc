import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunLine } from '../../api/wire/code.ts'
import { jobFiles } from './order.ts'

/** How much is read at once. A record is never longer. */
const pageBytes = 256 * 1024
const newline = 0x0a

/** The whole records from a byte on, and where the rest begins. A log that is not there yet has none. */
export async function readLog(
  folder: string,
  from: number,
): Promise<Readonly<{ lines: readonly RunLine[]; next: number }>> {
  const file = await open(join(folder, jobFiles.log), 'r').catch(() => null)
  if (file === null) return { lines: [], next: from }
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(pageBytes), 0, pageBytes, from)
    const bytes = buffer.subarray(0, bytesRead)
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1)
    return { lines: recordsIn(whole.toString('utf8')), next: from + whole.length }
  } finally {
    await file.close()
  }
}

function recordsIn(text: string): readonly RunLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((record) => {
      const space = record.indexOf(' ')
      return { ms: Number(record.slice(0, space)), text: record.slice(space + 1) }
    })
}
