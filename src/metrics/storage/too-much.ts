import type { Shelved } from './block/shelf.ts'

/** Files of one kind, and which share of all bytes is theirs when there is not enough for everything. */
export type Kind = Readonly<{ files: readonly Shelved[]; share: number }>

/** The files that go so that all have no more bytes than these: the oldest of whichever kind is furthest over its share. */
export function tooMuch(kinds: readonly Kind[], limitBytes: number): readonly Shelved[] {
  const left = kinds.map(({ files, share }) => ({
    files: files.toSorted((a, b) => a.fromMs - b.fromMs),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    share: share * limitBytes,
  }))
  const gone: Shelved[] = []
  while (left.reduce((sum, { bytes }) => sum + bytes, 0) > limitBytes) {
    const most = left.reduce((a, b) => (b.bytes - b.share > a.bytes - a.share ? b : a))
    const oldest = most.files.shift()
    if (oldest === undefined) break
    most.bytes -= oldest.bytes
    gone.push(oldest)
  }
  return gone
}
