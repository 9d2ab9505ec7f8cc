import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type Mask, makeMask } from '../../mask/mask.ts'
import { jobFiles } from './order.ts'

/** A longer line becomes several records. */
export const recordBytes = 8 * 1024
/** What is kept of the end of a log that was too long. */
const tailBytes = 64 * 1024
const newline = 0x0a

/** The log of one job: bytes go in as they are printed, records come out masked. */
export type LogFile = Readonly<{
  print: (bytes: Uint8Array) => void
  /** Writes one line of our own, behind what was printed so far. */
  say: (text: string) => void
  /** Writes what is held back and puts all of it on the disk. */
  close: () => void
}>

export function openLogFile(
  folder: string,
  options: Readonly<{ secrets: readonly string[]; logBytes: number; nowMs: () => number }>,
): LogFile {
  const file = openSync(join(folder, jobFiles.log), 'a', 0o600)
  const mask: Mask = makeMask(options.secrets)
  const cut = openCut(options.logBytes, (records) => writeWhileRoom(file, records))
  let held: Uint8Array = new Uint8Array(0)
  const put = (pieces: readonly Uint8Array[]): void => {
    const parts = held.length === 0 ? pieces : [held, ...pieces]
    const [only, another] = parts
    if (only === undefined) return
    const whole = another === undefined ? only : Buffer.concat(parts)
    const [records, rest] = recordsOf(whole, options.nowMs())
    held = Uint8Array.from(rest)
    if (records !== '') cut.write(Buffer.from(records))
  }
  const endLine = (): void => {
    put(mask.end())
    if (held.length > 0) put([Uint8Array.of(newline)])
  }
  return {
    print: (bytes) => put(mask.write(bytes)),
    say: (text) => {
      endLine()
      put([Buffer.from(`${text}\n`)])
    },
    close: () => {
      endLine()
      cut.end(options.nowMs())
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** On a full disk the log has a gap: the job is stopped for it, and its end is still written down. */
function writeWhileRoom(file: number, records: Uint8Array): void {
  try {
    writeSync(file, records)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown
  }
}

/** One record for each line, and the bytes that are no whole line yet. */
function recordsOf(bytes: Uint8Array, ms: number): [string, Uint8Array] {
  const stamp = `${Math.round(ms)} `
  let records = ''
  let from = 0
  for (;;) {
    const end = bytes.indexOf(newline, from)
    const isWhole = end !== -1 && end - from <= recordBytes
    if (!isWhole && bytes.length - from <= recordBytes) break
    const to = isWhole ? end : wholeCharacters(bytes, from, from + recordBytes)
    records += `${stamp}${plain(bytes.subarray(from, to))}\n`
    from = isWhole ? to + 1 : to
  }
  return [records, bytes.subarray(from)]
}

/** The end at or before `to` that cuts no UTF-8 character; text without one is cut where it must be. */
function wholeCharacters(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to; at > to - 4 && at > from; at -= 1) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return at
  return to
}

/** The text of a line. What is no text, and what would move the cursor of a terminal, is replaced. */
function plain(line: Uint8Array): string {
  const text = Buffer.from(line).toString('utf8').replace(/\r$/, '')
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001a\u001c-\u001f\u007f]/g, '\u{fffd}')
}

type Cut = Readonly<{ write: (records: Buffer) => void; end: (ms: number) => void }>

const wholeRecords = (records: Buffer, room: number): number =>
  room <= 0 ? 0 : records.lastIndexOf(newline, room - 1) + 1

/** Lets through so many bytes, then keeps only the last of the rest. */
function openCut(most: number, write: (records: Uint8Array) => void): Cut {
  let written = 0
  let left = 0
  let tail = Buffer.alloc(0)
  return {
    write: (records) => {
      // What fits goes in, in whole records; once something was left out, all else is.
      const room = left > 0 ? 0 : most - written
      const fits = records.length <= room ? records.length : wholeRecords(records, room)
      if (fits > 0) write(records.subarray(0, fits))
      written += fits
      if (fits === records.length) return
      left += records.length - fits
      tail = Buffer.concat([tail, records.subarray(fits)])
      if (tail.length > 2 * tailBytes) tail = tail.subarray(tail.length - tailBytes)
    },
    end: (ms) => {
      if (left === 0) return
      const from = Math.max(0, tail.length - tailBytes)
      // The first of them is cut, unless nothing was.
      const last = from === 0 ? tail : tail.subarray(tail.indexOf(newline, from) + 1)
      const missing = left - last.length
      if (missing > 0) write(Buffer.from(`${Math.round(ms)} … ${missing} bytes left out …\n`))
      write(last)
    },
  }
}
