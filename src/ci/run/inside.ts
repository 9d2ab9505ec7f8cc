import { lstat } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'

/**
 * The path of a folder that a job may have made inside of another, where no part of the way is a link: whoever follows
 * one that a job has laid is led out. Parts that are not there are no harm.
 */
export async function inside(root: string, path: string): Promise<string> {
  let at = root
  for (const part of normalize(path)
    .split('/')
    .filter((name) => name !== '.' && name !== '')) {
    at = join(at, part)
    const there = await lstat(at).catch(() => null)
    if (part === '..' || there?.isSymbolicLink() === true) throw leadsOut(path)
  }
  return at
}

const leadsOut = (path: string): TroubleError =>
  new TroubleError({
    what: `${path} leads out of the folder of the job by a link`,
    where: path,
    now: 'make it a folder',
  })
