import { lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { troubleOf } from '../../change/trouble.ts'
import { type CacheKey, cacheKey } from '../cache/cache-key.ts'
import { type Caches, findCache, keepCache, layCache } from '../cache/caches.ts'
import { TooLargeError } from '../tar.ts'
import type { JobWorld } from './ci-world.ts'
import { inside } from './inside.ts'
import type { Attempt } from './prepare.ts'

/** Names of the caches that a job makes anew, by folder: they are kept when it has passed. */
type Wanted = Readonly<Record<string, CacheKey>>

const wantedFile = 'caches.json'

/**
 * Lays what is kept of a job's caches into its checkout. A folder of the checkout becomes exactly what is kept, as it is
 * with an artifact. What is not there is noted down in the folder of the job, under the names that it has now: a job may
 * alter the files that name it.
 */
export async function layCaches(
  world: JobWorld,
  { run, spec, folder: place, host }: Attempt,
  { files, tell }: Readonly<{ files: string; tell: (line: string) => Promise<void> }>,
): Promise<void> {
  if (Object.keys(spec.cache).length === 0) return
  const owner = { run, spec, host: host?.name ?? null, isTrusted: await world.isTrusted(run) }
  const caches = await world.caches()
  const wanted: Record<string, CacheKey> = {}
  await tell('::group::cache')
  for (const [folder, by] of Object.entries(spec.cache)) {
    const key = await cacheKey(files, { folder, by }, owner)
    const { isLaid, says } = await lay({ caches, key, files, folder }, world.now())
    if (!isLaid) wanted[folder] = key
    await tell(`${folder} ${says}`)
  }
  await tell('::endgroup::')
  await writeFile(join(place, wantedFile), JSON.stringify(wanted), { mode: 0o600 })
}

type Laid = Readonly<{ isLaid: boolean; says: string }>
type Place = Readonly<{ caches: Caches; key: CacheKey; files: string; folder: string }>

/** Unpacked beside the checkout first, so that nothing that the checkout brings can lead it elsewhere. */
async function lay({ caches, key, files, folder }: Place, now: number): Promise<Laid> {
  const found = await findCache(caches, key)
  if (found === null) return { isLaid: false, says: 'is not in the cache' }
  const beside = `${files}.cache`
  if (!(await layCache(found, beside, now)))
    return { isLaid: false, says: 'was damaged in the cache, and is made anew' }
  const target = await inside(files, folder)
  await rm(target, { recursive: true, force: true })
  await mkdir(dirname(target), { recursive: true })
  await rename(beside, target)
  return { isLaid: true, says: `is from the cache: ${sizeText(found.bytes)}` }
}

/** Keeps what a job that passed has made of its caches. That one cannot be kept is said, and no fault of the job. */
export async function keepCaches(
  world: JobWorld,
  { folder: place }: Attempt,
  { files, tell }: Readonly<{ files: string; tell: (line: string) => Promise<void> }>,
): Promise<void> {
  const wanted = Object.entries(await wantedIn(place))
  if (wanted.length === 0) return
  const caches = await world.caches()
  await tell('::step keep the cache')
  for (const [folder, key] of wanted) await tell(`${folder} ${await keep({ caches, key, files, folder })}`)
}

export async function wantedIn(place: string): Promise<Wanted> {
  const text = await readFile(join(place, wantedFile), 'utf8').catch(() => '{}')
  return JSON.parse(text) as Wanted
}

async function keep({ caches, key, files, folder }: Place): Promise<string> {
  if ((await findCache(caches, { ...key, found: [key.own] })) !== null) return 'is kept already'
  try {
    const path = await inside(files, folder)
    const there = await lstat(path).catch(() => null)
    if (there?.isDirectory() !== true) return 'is not there, so nothing is kept'
    return `is kept: ${sizeText(await keepCache(caches, key, path))}`
  } catch (thrown) {
    if (thrown instanceof TooLargeError) return 'is too large to be kept'
    const { what, tail = [] } = troubleOf(thrown)
    return `is not kept: ${[what, ...tail].join('; ')}`
  }
}

const sizeText = (bytes: number): string =>
  bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`
