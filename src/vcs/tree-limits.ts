import { statfs } from 'node:fs/promises'
import { TroubleError } from '../change/trouble.ts'
import { gitStream } from './git.ts'

/** What no commit of people has. Longer paths cannot be removed again where they lie below a folder. */
export const treeLimits: TreeLimits = { pathBytes: 1024, files: 1_000_000 }

type TreeLimits = Readonly<{ pathBytes: number; files: number }>

const limitMs = 60_000
/** What a checkout leaves free on its disk. */
const keepFreeBytes = 200 * 1024 * 1024

/**
 * Throws a trouble for a tree that cannot be laid into this folder: with more files than anybody has, with paths that
 * are too long, or larger than the disk. A few kilobytes of a repository can stand for any number of files.
 */
export async function refuseUnfit(
  into: string,
  { gitDir, tree }: Readonly<{ gitDir: string; tree: string }>,
  limits: TreeLimits = treeLimits,
): Promise<void> {
  const { bavail, bsize } = await statfs(into)
  const room = bavail * bsize - keepFreeBytes
  const listing = gitStream(
    into,
    ['--git-dir', gitDir, 'ls-tree', '-r', '-l', '-z', '--full-tree', '--end-of-options', tree],
    { limitMs },
  )
  let [files, bytes, rest] = [0, 0, '']
  let why: string | null = null
  for await (const chunk of listing.out.setEncoding('latin1') as AsyncIterable<string>) {
    const records = (rest + chunk).split('\0')
    rest = records.pop() ?? ''
    files += records.length
    for (const record of records) {
      bytes += Number(/(\d+)\t/.exec(record)?.[1] ?? 0)
      if (record.length - record.indexOf('\t') - 1 > limits.pathBytes)
        why = `it has a path of over ${limits.pathBytes} bytes`
    }
    if (files > limits.files) why = `it has over ${limits.files} files`
    if (bytes > room) why = `it is larger than what the disk of the hub has left`
    if (why !== null) break
  }
  listing.stop()
  // What git cannot list it cannot lay out either, and says so then.
  await listing.ended
  if (why === null) return
  throw new TroubleError({
    what: `cannot check out ${tree.slice(0, 7)}: ${why}`,
    where: gitDir,
    now: 'take out what nobody needs, or make room on the disk of the hub',
  })
}
