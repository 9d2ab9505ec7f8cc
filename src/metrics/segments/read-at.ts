import { readSync } from 'node:fs'

/** So many bytes of a file from a place on; fewer where it ends before. */
export function readAt(file: number, at: number, length: number): Buffer<ArrayBuffer> {
  // Bytes of their own, as whoever gets them may keep them or hand them over to a thread.
  const bytes = Buffer.allocUnsafeSlow(length)
  let read = 0
  while (read < length) {
    const more = readSync(file, bytes, read, length - read, at + read)
    if (more === 0) break
    read += more
  }
  return bytes.subarray(0, read)
}
