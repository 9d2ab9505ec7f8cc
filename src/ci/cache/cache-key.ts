import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { pipeline } from 'node:stream/promises'
import { TroubleError } from '../../change/trouble.ts'
import type { Run } from '../../store/runs.ts'
import type { JobSpec } from '../jobs/job.ts'
import { inside } from '../run/inside.ts'

/**
 * Names of a cache: under `own` it is kept, and `found` are those under which it is looked for, best first. A branch that
 * anybody may write to finds what protected branches have kept, and never the other way round.
 */
export type CacheKey = Readonly<{ own: string; found: readonly string[] }>

/** What a name is made of, beside the folder and the files that name its content. */
export type CacheOwner = Readonly<{
  run: Pick<Run, 'repo' | 'ref'>
  spec: Pick<JobSpec, 'matrix' | 'from'>
  /** The build host; null = this machine. */
  host: string | null
  isTrusted: boolean
}>

const trusted = 'protected'

/**
 * The names of the cache of a folder. They change with the content of its files, and with all that what is compiled
 * depends on: the kind of machine, its system, Node and the combination of the matrix.
 */
export async function cacheKey(
  checkout: string,
  { folder, by }: Readonly<{ folder: string; by: readonly string[] }>,
  { run, spec, host, isTrusted }: CacheOwner,
): Promise<CacheKey> {
  const contents = await Promise.all(by.map(async (file) => [file, await sumOf(checkout, file, spec.from)]))
  const system = await readFile('/etc/os-release', 'utf8').catch(() => '')
  const machine = [platform(), arch(), system, process.version, host]
  const nameIn = (scope: string): string =>
    createHash('sha256')
      .update(JSON.stringify([run.repo, scope, folder, machine, Object.entries(spec.matrix), contents]))
      .digest('hex')
  const own = nameIn(isTrusted ? trusted : run.ref)
  return { own, found: isTrusted ? [own] : [own, nameIn(trusted)] }
}

async function sumOf(checkout: string, file: string, from: string): Promise<string> {
  const path = await inside(checkout, file)
  const there = await lstat(path).catch(() => null)
  if (there?.isFile() !== true) {
    throw new TroubleError({
      what: `a cache is named by ${file}, and the commit has no such file`,
      where: from,
      now: 'name the file that lists what is installed, such as package-lock.json',
    })
  }
  const sum = createHash('sha256')
  await pipeline(createReadStream(path), sum)
  return sum.digest('hex')
}
