import { gunzipSync } from 'node:zlib'
import { TroubleError } from '../../change/trouble.ts'

/** What a host may send back of files, unpacked: more than it has any reason to. */
const mostBytes = 8 * 1024 * 1024

/** The files in a packed archive that came from a host, by absolute path. Throws a TroubleError when it is broken. */
export async function readArchive(
  packed: Uint8Array,
  host: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (packed.length === 0) return new Map()
  try {
    return await unpack(gunzipSync(packed, { maxOutputLength: mostBytes }))
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    const now = 'look again; if it stays, try tar and gzip on that host'
    throw new TroubleError(
      { what: `the files that ${host} sent cannot be read: ${why}`, host, now },
      { cause: thrown },
    )
  }
}

async function unpack(archive: Uint8Array): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  const { extract } = await import('tar-stream')
  const entries = extract()
  entries.end(archive)
  for await (const entry of entries) {
    const { name, type, linkname } = entry.header
    const pieces: Uint8Array[] = []
    for await (const piece of entry as AsyncIterable<Uint8Array>) pieces.push(piece)
    // Of two names of one file, an archive holds the bytes once.
    const other = type === 'link' && linkname ? files.get(pathOf(linkname)) : undefined
    files.set(pathOf(name), other ?? Buffer.concat(pieces))
  }
  return files
}

const pathOf = (name: string): string => name.replace(/^\.?\//, '/')
