import { readdir, readFile, readlink, realpath, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { doorLimits } from '../doors/limits.ts'

/** No exchange lasts this long: what nobody has written to since was left by a git or a hub that was killed. */
const staleMs = doorLimits.wholeMs + 3_600_000
/** Where no git works in a repository, what nobody has written to for so long was left. */
const leftMs = 10 * 60_000

/** Where git keeps what is pushed until it is taken: by the name it has now, and by an older one. */
const quarantine = /^(?:tmp_objdir-)?incoming-/
const halfPack = /^\.?tmp[_-]/

/** Whether somebody pushes into this repository just now. */
export async function isPushedTo(dir: string, now: number): Promise<boolean> {
  const places = await quarantinesOf(dir)
  const ages = await Promise.all(places.map((path) => ageOf(path, now)))
  return ages.some((age) => age <= staleMs)
}

/** Removes what pushes and fetches have left behind that were killed. Returns how much it was. */
export async function sweepLeftovers(dir: string, now: number): Promise<number> {
  const packs = join(dir, 'objects', 'pack')
  const names = await readdir(packs).catch(() => [])
  const halves = names.filter((name) => halfPack.test(name)).map((name) => join(packs, name))
  const found = [...(await quarantinesOf(dir)), ...halves]
  if (found.length === 0) return 0
  const limit = (await isWorkedIn(dir)) ? staleMs : leftMs
  let removed = 0
  for (const path of found) {
    if ((await ageOf(path, now)) <= limit) continue
    await rm(path, { recursive: true, force: true })
    removed += 1
  }
  return removed
}

/**
 * Whether a process of this machine works in a repository, as every git does that takes a push into it. One that we may
 * not look at counts if it is called so; and where there is no list of processes, somebody may always be there.
 */
async function isWorkedIn(dir: string): Promise<boolean> {
  const pids = await readdir('/proc').catch(() => null)
  if (pids === null) return true
  const place = await realpath(dir)
  const works = pids.filter((name) => /^\d+$/.test(name)).map((pid) => worksIn(pid, place))
  return (await Promise.all(works)).some((one) => one)
}

async function worksIn(pid: string, dir: string): Promise<boolean> {
  try {
    const place = await readlink(join('/proc', pid, 'cwd'))
    return place === dir || place.startsWith(`${dir}/`)
  } catch (thrown) {
    // One that has ended works nowhere, also while nobody has asked how.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return false
    const name = await readFile(join('/proc', pid, 'comm'), 'utf8').catch(() => '')
    return name.startsWith('git')
  }
}

async function quarantinesOf(dir: string): Promise<readonly string[]> {
  const objects = join(dir, 'objects')
  const names = await readdir(objects).catch(() => [])
  return names.filter((name) => quarantine.test(name)).map((name) => join(objects, name))
}

/** Since the newest of what is in it was written. */
async function ageOf(path: string, now: number): Promise<number> {
  const inside = await readdir(path, { recursive: true }).catch(() => [])
  const times = [path, ...inside.map((name) => join(path, name))].map((one) =>
    stat(one).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  )
  return now - Math.max(...(await Promise.all(times)))
}
