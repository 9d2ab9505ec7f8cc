import { readdir, rename, rm, stat, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stored } from './what-goes.ts'
import { leavingOf, tarOf, unlessGone } from './take.ts'

/** Who began to use an artifact before it was found needless has written it down by then. */
export const leavingMs = 3_600_000
/** Nobody packs for so long. */
const partMs = 6 * 3_600_000
/** What is said of an artifact that is gone stays a little: another may be made of it, or the same anew. */
const besideMs = 24 * 3_600_000

const named = /^([0-9a-f]{64})\.(tar|tar\.leaving|json|intoto\.jsonl)$/
const part = /^part-.*\.tar$|\.part$/

/** What lies among the artifacts. One that waits to be taken away is not among `stored`. */
export async function storedIn(
  dir: string,
): Promise<Readonly<{ stored: readonly Stored[]; leaving: readonly Stored[] }>> {
  const names = await readdir(dir).catch(() => [])
  const found = await Promise.all(names.map((name) => foundAt(dir, name)))
  const of = (ending: string) => found.flatMap((one) => (one?.ending === ending ? [one.stored] : []))
  return { stored: of('tar'), leaving: of('tar.leaving') }
}

async function foundAt(dir: string, name: string) {
  const [, release, ending] = named.exec(name) ?? []
  if (release === undefined || ending === undefined) return null
  const there = await stat(join(dir, name)).catch(unlessGone)
  if (there === false) return null
  return { ending, stored: { release, bytes: there.size, usedAt: there.mtimeMs } }
}

/**
 * Takes artifacts away, in two steps that lie at least an hour apart: first each gets another name, under which whoever
 * needs it after all finds it (`takeArtifact`); then it is removed. Each step is one call, so that a process that is
 * killed leaves nothing half done, and two at once do what one would.
 */
export async function clearOut(
  dir: string,
  going: readonly string[],
  { isNeeded, now }: Readonly<{ isNeeded: (release: string) => boolean; now: number }>,
): Promise<readonly string[]> {
  const { leaving } = await storedIn(dir)
  const removed: string[] = []
  for (const { release, usedAt } of leaving) {
    if (isNeeded(release)) await rename(leavingOf(dir, release), tarOf(dir, release)).catch(unlessGone)
    else if (now - usedAt >= leavingMs && (await take(dir, release, now))) removed.push(release)
  }
  const at = new Date(now)
  for (const release of going) {
    // Its age says from here on since when it waits.
    await utimes(tarOf(dir, release), at, at).catch(unlessGone)
    await rename(tarOf(dir, release), leavingOf(dir, release)).catch(unlessGone)
  }
  await sweepBeside(dir, now)
  return removed
}

async function take(dir: string, release: string, now: number): Promise<boolean> {
  const at = new Date(now)
  await utimes(join(dir, `${release}.json`), at, at).catch(unlessGone)
  return unlink(leavingOf(dir, release)).then(() => true, unlessGone)
}

/** What is left of artifacts that are gone, and of those that were never finished. */
async function sweepBeside(dir: string, now: number): Promise<void> {
  const names = await readdir(dir).catch(() => [])
  const there = new Set(names)
  for (const name of names) {
    const [, release, ending] = named.exec(name) ?? []
    const isLeft =
      ending?.startsWith('tar') === false &&
      !there.has(`${release}.tar`) &&
      !there.has(`${release}.tar.leaving`)
    const limit = isLeft ? besideMs : part.test(name) ? partMs : null
    if (limit === null) continue
    const path = join(dir, name)
    const found = await stat(path).catch(unlessGone)
    if (found !== false && now - found.mtimeMs > limit) await rm(path, { force: true })
  }
}
