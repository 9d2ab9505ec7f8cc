import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { git, setting } from '../git.ts'

/** What makes a repository slow to read: each push leaves objects of its own, or a pack of its own. */
export const foldLimits = { loose: 2_000, packs: 40, looseRefs: 1_000 } as const

const limitMs = 30 * 60_000

/**
 * Folds packs and single objects into few packs, and single refs into one file, where there are many. Nothing is thrown
 * away here: what no ref reaches may be live, or what a revert brings back. Says whether it had anything to do.
 */
export async function fold(dir: string, signal: AbortSignal): Promise<boolean> {
  const isScattered = await hasManyObjects(dir)
  if (isScattered)
    await git(dir, [...gently, 'repack', '--quiet', '--geometric=2', '-d'], { limitMs, signal, isIdle: true })
  const hasManyRefs = (await filesBelow(join(dir, 'refs'))) > foldLimits.looseRefs
  if (hasManyRefs) await git(dir, ['pack-refs', '--all'], { limitMs, signal, isIdle: true })
  return isScattered || hasManyRefs
}

/** One processor and little memory are enough for what nobody waits for. */
export const gently = [
  ...setting('pack.threads', '1'),
  ...setting('pack.windowMemory', '64m'),
  ...setting('core.bigFileThreshold', '16m'),
]

async function hasManyObjects(dir: string): Promise<boolean> {
  const { out } = await git(dir, ['count-objects', '-v'])
  const count = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(out)?.[1] ?? 0)
  return count('count') > foldLimits.loose || count('packs') > foldLimits.packs
}

async function filesBelow(dir: string): Promise<number> {
  const items = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  return items.filter((item) => item.isFile()).length
}
