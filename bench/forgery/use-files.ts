import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { troubleOf } from '../../src/change/trouble.ts'
import { loadConfig } from '../../src/config/reading/load.ts'
import { checkOut } from '../../src/vcs/check-out.ts'
import { findCommit, uncommitted } from '../../src/vcs/commit.ts'

/** Checks a repository out as builds do, and reads its `tandem.ts` there as a hub does. Says what came of it. */
export async function useFiles(dir: string, work: string): Promise<string> {
  const files = join(work, 'files')
  await mkdir(work, { recursive: true })
  try {
    const commit = await findCommit(dir, 'refs/heads/main')
    await checkOut(dir, commit, files)
    await uncommitted(dir)
    if (!existsSync(join(files, 'tandem.ts'))) return 'checked out'
    return `checked out; ${await readTeam(files)}`
  } catch (thrown) {
    return troubleOf(thrown).what.slice(0, 100)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function readTeam(files: string): Promise<string> {
  await writeFile(join(files, 'package.json'), '{"type":"module"}')
  return loadConfig(files).then(
    () => 'tandem.ts was read',
    (thrown: unknown) => `tandem.ts was refused: ${troubleOf(thrown).what.slice(0, 80)}`,
  )
}
