/**
 * Encoders break lines at 60 columns or more: `xxd` at 60, PEM at 64, MIME and coreutils at 76. Where a line is shorter,
 * what follows it is no part of it.
 */
const NARROWEST = 60
const newline = 0x0a
const carriageReturn = 0x0d

/** Whether what was found in several lines can have been one: its first line is long enough, with what stands before. */
export function isWrapped(
  bytes: Uint8Array,
  { from, to }: Readonly<{ from: number; to: number }>,
  run: number,
): boolean {
  const first = bytes.subarray(from, to).indexOf(newline)
  if (first === -1) return true
  const end = from + first
  return runBefore(bytes, bytes[end - 1] === carriageReturn ? end - 1 : end, run) >= NARROWEST
}

/** How many characters of base64 or hex stand directly before a place; `run` is how many stand before the bytes. */
export function runBefore(bytes: Uint8Array, place: number, run: number): number {
  let from = place
  while (from > 0 && place - from < NARROWEST && isOfRun[bytes[from - 1] ?? 0] === 1) from -= 1
  return Math.min(NARROWEST, place - from + (from === 0 ? run : 0))
}

const isOfRun = new Uint8Array(256)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=')
  isOfRun[character.charCodeAt(0)] = 1
