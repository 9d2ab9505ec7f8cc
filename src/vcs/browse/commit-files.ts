import { TroubleError } from '../../change/trouble.ts'
import { gitStream } from '../git.ts'
import { read } from './read.ts'

/** A file of a commit, or why it is not read. */
type CommitFile = Readonly<{ path: string }> & (Readonly<{ text: string }> | Readonly<{ why: string }>)

const listBytes = 64 * 1024 * 1024
const readLimitMs = 120_000

/** The files of a commit, one after the other, as text; larger ones are named and not read. `leaves` says which are no matter. */
export async function* commitFiles(
  dir: string,
  commit: string,
  { mostBytes, leaves }: Readonly<{ mostBytes: number; leaves: (path: string) => boolean }>,
): AsyncGenerator<CommitFile> {
  const listed = await read(dir, ['ls-tree', '-r', '-z', '--long', '--full-tree', commit], {
    mostBytes: listBytes,
  })
  const wanted: { path: string; hash: string }[] = []
  for (const record of listed.split('\0')) {
    const [, mode = '', hash = '', size = '', path = ''] =
      /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(record) ?? []
    if (hash === '' || mode === '120000' || leaves(path)) continue
    if (Number(size) > mostBytes) yield { path, why: `it has ${size} bytes` }
    else wanted.push({ path, hash })
  }
  yield* blobsOf(dir, wanted)
}

/** One git reads them all. Its answers: a line with hash, kind and size, then so many bytes and a line break. */
async function* blobsOf(
  dir: string,
  wanted: readonly Readonly<{ path: string; hash: string }>[],
): AsyncGenerator<CommitFile> {
  if (wanted.length === 0) return
  const input = `${wanted.map(({ hash }) => hash).join('\n')}\n`
  const running = gitStream(dir, ['cat-file', '--batch'], { input, limitMs: readLimitMs, env: asPushed })
  let rest = Buffer.alloc(0)
  let at = 0
  try {
    for await (const chunk of running.out) {
      rest = Buffer.concat([rest, chunk as Buffer])
      for (let next = firstBlob(rest); next !== null; next = firstBlob(rest)) {
        const { path = '' } = wanted[at] ?? {}
        at += 1
        rest = rest.subarray(next.end)
        yield { path, text: next.text }
      }
    }
  } finally {
    // Whoever reads no further needs no more of it.
    if (at < wanted.length) running.stop()
  }
  const { code, err } = await running.ended
  if (code !== 0 || at < wanted.length)
    throw new TroubleError({
      what: 'the files of this commit could not all be read',
      where: dir,
      tail: err.trim().split('\n').slice(-3),
      now: 'look at it in a clone',
    })
}

const asPushed = { GIT_NO_REPLACE_OBJECTS: '1', GIT_NO_LAZY_FETCH: '1' }

function firstBlob(bytes: Buffer): Readonly<{ text: string; end: number }> | null {
  const line = bytes.indexOf(10)
  if (line === -1) return null
  const size = Number(bytes.toString('latin1', 0, line).split(' ')[2])
  const end = line + 1 + size
  return bytes.length > end ? { text: bytes.toString('utf8', line + 1, end), end: end + 1 } : null
}
