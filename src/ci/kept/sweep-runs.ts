import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunId, Runs } from '../../store/runs.ts'
import { jobsDir, runDir } from '../run/place.ts'

export type RunsKept = Readonly<{
  stateDir: string
  runs: Pick<Runs, 'forget' | 'get'>
  limits: Readonly<{ ageMs: number; bytes: number }>
  /** Those that are not forgotten, however old. */
  kept: ReadonlySet<RunId>
  now: number
}>

const sweptAtOnce = 50
/** A run is in the store before its folder is made. */
const leftMs = 3_600_000

/** Forgets runs that are older than the limit, then the oldest while the logs of all are too large. */
export async function sweepRuns(world: RunsKept): Promise<void> {
  const { runs, limits, kept, now } = world
  const old = await runs.forget(now - limits.ageMs, kept, sweptAtOnce)
  const crowding = await endOfCrowding(world)
  const large = crowding === null ? [] : await runs.forget(crowding + 1, kept, sweptAtOnce)
  for (const run of [...old, ...large]) await removeLogs(world, run)
}

const removeLogs = ({ stateDir }: Pick<RunsKept, 'stateDir'>, run: RunId): Promise<void> =>
  rm(runDir(stateDir, run), { recursive: true, force: true })

/** When the newest of those ended that there is no room for; null = all fit. Folders of forgotten runs go on the way. */
async function endOfCrowding(world: RunsKept): Promise<number | null> {
  const { stateDir, runs, limits, now } = world
  const names = await readdir(jobsDir(stateDir)).catch(() => [])
  const newestFirst = names
    .filter((name) => /^r\d+$/.test(name))
    .toSorted((a, b) => numberOf(b) - numberOf(a))
  let bytes = 0
  for (const name of newestFirst) {
    const dir = runDir(stateDir, name)
    const run = await runs.get(name)
    // A process that was killed between the two: first the store forgets, then the disk.
    if (run === null && now - (await changedAt(dir)) > leftMs) await removeLogs(world, name)
    if (run === null) continue
    bytes += await sizeOf(dir)
    if (bytes > limits.bytes && run.endedAt !== null) return run.endedAt
  }
  return null
}

const numberOf = (run: RunId): number => Number(run.slice(1))

const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )

async function sizeOf(dir: string): Promise<number> {
  const items = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = items.map(async (item) =>
    item.isFile()
      ? stat(join(item.parentPath, item.name)).then(
          ({ size }) => size,
          () => 0,
        )
      : 0,
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
