import { closeSync, fstatSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { readAt } from '../../segments/read-at.ts'
import { type Block, headBytes, readHead } from './block.ts'

/** How many samples wait from a place on, where the last whole block ends, and how many bytes stand behind that. */
export type Looked = Readonly<{ waiting: number; bytes: number; behind: number }>

/** Goes through a segment from head to head, without reading bodies. */
export function lookThrough(path: string, from: number): Looked {
  return within(path, (file, size) => {
    let [waiting, at] = [0, Math.min(from, size)]
    while (at < size) {
      const head = readHead(readAt(file, at, headBytes))
      if (head === null || at + headBytes + head.bytes > size) break
      waiting += head.samples
      at += headBytes + head.bytes
    }
    return { waiting, bytes: at, behind: size - at }
  })
}

/** What stands at a place: a block; one whose body is not as it was written; or no head, which hides all behind it. */
export type Found =
  | Readonly<{ type: 'block'; block: Block; next: number }>
  | Readonly<{ type: 'broken'; samples: number; bytes: number; next: number }>

export function foundAt(path: string, at: number): Found {
  return within(path, (file, size) => {
    const head = readHead(readAt(file, at, headBytes))
    const next = at + headBytes + (head?.bytes ?? 0)
    if (head === null || next > size) return { type: 'broken', samples: 0, bytes: size - at, next: size }
    const body = readAt(file, at + headBytes, head.bytes)
    const { samples, queuedMs } = head
    if (crc32(body) !== head.crc) return { type: 'broken', samples, bytes: next - at, next }
    return { type: 'block', block: { samples, queuedMs, body }, next }
  })
}

function within<T>(path: string, work: (file: number, size: number) => T): T {
  const file = openSync(path, 'r')
  try {
    return work(file, fstatSync(file).size)
  } finally {
    closeSync(file)
  }
}
