import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import { git, type GitOptions } from '../git.ts'
import { gently } from './fold.ts'
import { keepCommits } from './kept-refs.ts'

/** When it is worth the work: there is so much that nothing needs, and it is such a part of the whole. */
export const pruneLimits = { wasteBytes: 16 * 1024 * 1024, wastePart: 0.2, everyMs: 24 * 3_600_000 } as const

/** What is written anew may be of a push that has not moved its ref yet. */
const youngMs = 24 * 3_600_000
/** Packing needs room for all of it once more. */
const spareBytes = 256 * 1024 * 1024

export type PruneWorld = Readonly<{
  dir: string
  /** The commits that must stay though no branch has them. Where this throws nothing goes. */
  needed: () => Promise<ReadonlySet<string>>
  now: number
  wasteBytes: number
  signal: AbortSignal
}>

/**
 * Takes out what no ref reaches and nobody needs, once a day and where it is much. What was taken out lies beside the
 * repository for another day, and comes back when it turns out that something is missing. Whoever pushes meanwhile aborts
 * it (`upkeep.ts`). Says whether it took anything out.
 */
export async function prune(world: PruneWorld): Promise<boolean> {
  const { dir, now, signal } = world
  const dropped = join(dir, 'dropped')
  await settle(dropped, world)
  if (!(await isDue(dir, now)) || !(await knowsCruft(dir))) return false
  await keepCommits(dir, await world.needed())
  await must(
    dir,
    ['reflog', 'expire', '--expire=90.days.ago', '--expire-unreachable=90.days.ago', '--all'],
    signal,
  )
  const isWorth = !signal.aborted && (await isWorthIt(world))
  if (isWorth) {
    await refuseWithoutRoom(dir)
    await mkdir(dropped, { recursive: true })
    await writeFile(join(dropped, 'since'), `${now}\n`)
    // First all that no ref reaches comes into a pack of its own, where no push counts on it: it writes what it needs anew.
    await must(dir, [...gently, 'repack', '--quiet', '-d', '--cruft'], signal)
    const until = `--cruft-expiration=${Math.floor((now - youngMs) / 1_000)}`
    const aside = `--expire-to=${join(dropped, 'pack')}`
    await must(dir, [...gently, 'repack', '--quiet', '-d', '--cruft', until, aside], signal)
    await settle(dropped, world)
  }
  if (!signal.aborted) await writeFile(markOf(dir), `${now}\n`)
  return isWorth
}

const markOf = (dir: string): string => join(dir, 'tandem-pruned')

async function isDue(dir: string, now: number): Promise<boolean> {
  const last = Number(await readFile(markOf(dir), 'utf8').catch(() => '0'))
  // A clock that was set back is followed.
  return Math.abs(now - last) >= pruneLimits.everyMs
}

/** Git knows since 2.39 how to lay aside what it takes out; an older one takes nothing out. */
async function knowsCruft(dir: string): Promise<boolean> {
  const { out, err } = await git(dir, ['repack', '-h'])
  return `${out}${err}`.includes('--expire-to')
}

async function isWorthIt({ dir, wasteBytes, signal }: PruneWorld): Promise<boolean> {
  const reached = Number(
    await must(dir, ['rev-list', '--disk-usage', '--objects', '--all', '--reflog'], signal),
  )
  const whole = await bytesOf(dir)
  return whole - reached >= wasteBytes && whole - reached >= whole * pruneLimits.wastePart
}

async function bytesOf(dir: string): Promise<number> {
  const { out } = await git(dir, ['count-objects', '-v'])
  const kib = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(out)?.[1] ?? 0)
  return (kib('size') + kib('size-pack')) * 1024
}

async function refuseWithoutRoom(dir: string): Promise<void> {
  const [{ bavail, bsize }, bytes] = await Promise.all([statfs(dir), bytesOf(dir)])
  if (bavail * bsize >= bytes + spareBytes) return
  throw new TroubleError({
    what: `no room to take out what nobody needs of a repository: that takes ${Math.ceil(bytes / 1024 ** 2)} MiB for a while`,
    where: dir,
    now: 'make room on the disk of the hub; it is tried again by itself',
  })
}

/** What was taken out goes for good when all is whole without it for a day, and comes back when it is not. */
async function settle(dropped: string, { dir, now, signal }: PruneWorld): Promise<void> {
  const names = (await readdir(dropped).catch(() => [])).filter((name) => name.startsWith('pack-'))
  if (names.length === 0) return
  if (!(await isWhole(dir, signal))) {
    if (signal.aborted) return
    // Indexes last: a pack is there once its index is.
    for (const name of names.toSorted((a, b) => Number(a.endsWith('.idx')) - Number(b.endsWith('.idx'))))
      await rename(join(dropped, name), join(dir, 'objects', 'pack', name))
    return
  }
  const since = Number(await readFile(join(dropped, 'since'), 'utf8').catch(() => '0'))
  if (now - since >= pruneLimits.everyMs) await rm(dropped, { recursive: true })
}

/** Whether all that refs need is there. */
async function isWhole(dir: string, signal: AbortSignal): Promise<boolean> {
  const { code } = await git(dir, ['rev-list', '--objects', '--quiet', '--all'], { ...idle, signal })
  return code === 0
}

const idle = { limitMs: 30 * 60_000, isIdle: true } as const satisfies Partial<GitOptions>

async function must(dir: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { code, out, err } = await git(dir, args, { ...idle, signal })
  if (code === 0 || signal.aborted) return out
  throw new TroubleError({
    what: `cannot take out what nobody needs of a repository: ${err.trim().split('\n').at(-1) ?? ''}`,
    where: dir,
    tail: err.trim().split('\n').slice(-3),
    now: 'is the disk of the hub full? all that was there is there still; it is tried again by itself',
  })
}
