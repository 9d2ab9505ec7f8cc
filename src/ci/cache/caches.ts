import { mkdir, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { CacheKey } from './cache-key.ts'
import { packTree, unpackTree } from '../tar.ts'

/** Where caches lie, each a file `KEY.SHA256.tar`, and how large they may be together. */
export type Caches = Readonly<{ dir: string; mostBytes: number }>

/** Where those of a hub lie. */
export const cachesDir = (stateDir: string): string => join(stateDir, 'ci', 'caches')

/** A cache that is there. */
export type Found = Readonly<{ path: string; sum: string; bytes: number; usedAt: number }>

/** A single one may take this part of the room of all. */
const largestPart = 0.5
/** Of the disk, so much is never taken. */
const keepFreeBytes = 1024 ** 3
/** What nobody has finished in this time, nobody will. */
const staleMs = 3_600_000
const partOf = /^part-/

/** The first cache that is there under one of these names. */
export async function findCache({ dir }: Caches, key: CacheKey): Promise<Found | null> {
  const there = await kept(dir)
  for (const name of key.found) {
    const found = there.find(({ path }) => path.startsWith(join(dir, `${name}.`)))
    if (found !== undefined) return found
  }
  return null
}

/**
 * Lays a cache into a folder that is not there yet; false = its file was damaged, and is gone. It counts as used from
 * now on.
 */
export async function layCache({ path, sum }: Found, into: string, now: number): Promise<boolean> {
  await mkdir(into, { recursive: true })
  if (!(await unpackTree(path, sum, into))) {
    await Promise.all([rm(into, { recursive: true, force: true }), rm(path, { force: true })])
    return false
  }
  // Another hub may just have taken it away, to make room.
  await utimes(path, now / 1000, now / 1000).catch(() => undefined)
  return true
}

/**
 * Keeps a folder under a name, whole or not at all; those that were not used for longest make room for it. Of two who
 * keep one name at a time the second changes nothing that matters: both have made the same. Gives its size.
 */
export async function keepCache(caches: Caches, { own }: CacheKey, folder: string): Promise<number> {
  const { dir, mostBytes } = caches
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const part = join(dir, `part-${process.pid}-${Math.random().toString(36).slice(2)}`)
  const { bavail, bsize } = await statfs(dir)
  const room = Math.min(mostBytes * largestPart, bavail * bsize - keepFreeBytes)
  try {
    const { sum, bytes } = await packTree(folder, part, room)
    await rename(part, join(dir, `${own}.${sum}.tar`))
    await makeRoom(caches)
    return bytes
  } finally {
    await rm(part, { force: true })
  }
}

/** Takes away what was not used for longest, until the others fit. */
async function makeRoom({ dir, mostBytes }: Caches): Promise<void> {
  const there = await kept(dir)
  let bytes = there.reduce((sum, one) => sum + one.bytes, 0)
  for (const one of there.toReversed()) {
    if (bytes <= mostBytes) break
    await rm(one.path, { force: true })
    bytes -= one.bytes
  }
  for (const name of await readdir(dir)) {
    const path = join(dir, name)
    if (partOf.test(name) && Date.now() - (await usedAt(path)) > staleMs) await rm(path, { force: true })
  }
}

const usedAt = async (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )

/** All that is kept, used last first. */
async function kept(dir: string): Promise<readonly Found[]> {
  const names = await readdir(dir).catch(() => [])
  const found = names.map(async (name): Promise<readonly Found[]> => {
    const sum = /^[0-9a-f]{64}\.([0-9a-f]{64})\.tar$/.exec(name)?.[1]
    const path = join(dir, name)
    const there = sum === undefined ? null : await stat(path).catch(() => null)
    if (sum === undefined || there === null) return []
    return [{ path, sum, bytes: there.size, usedAt: there.mtimeMs }]
  })
  return (await Promise.all(found)).flat().toSorted((a, b) => b.usedAt - a.usedAt)
}
