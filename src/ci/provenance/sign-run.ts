import { artifactDir } from '../artifact/artifact.ts'
import { digestOfList, listOf } from '../artifact/list.ts'
import { manifestIn } from '../artifact/read-artifact.ts'
import { isGreen, type Run } from '../../store/runs.ts'
import type { Shelf, Signed } from './shelf.ts'

/** What the hub says of itself in its statements. */
export type Maker = Readonly<{ stateDir: string; shelf: Shelf; version: string }>

/** This machine, in statements of what was built on it. */
export const platform = `${process.platform}-${process.arch}`

/**
 * Signs what a run has tested, once it is over: the artifact is read anew, so that the statement is about its bytes and
 * not about a note. `null` for a run that made no release or was not green.
 */
export async function signRun(maker: Maker, run: Run): Promise<Signed | null> {
  if (run.release === null || run.endedAt === null || !isGreen(run.outcome)) return null
  const manifest = await manifestIn(artifactDir(maker.stateDir), run.release)
  const host = run.jobs.find(({ release }) => release === run.release)?.host ?? null
  return maker.shelf.put({
    release: run.release,
    files: digestOfList(listOf(manifest)),
    repo: run.repo,
    ref: run.ref,
    commit: run.commit,
    tree: run.tree,
    run: run.id,
    jobs: run.jobs.map(({ name, outcome }) => ({ name, outcome: outcome ?? 'lost' })),
    version: maker.version,
    platform: host === null ? platform : `host ${host}`,
    startedAt: run.orderedAt,
    endedAt: run.endedAt,
  })
}
