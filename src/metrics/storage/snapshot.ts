import { copyFileSync, existsSync, linkSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { syncFolder } from './sync-folder.ts'

/** What a store consists of at one moment: files that do not change any more. */
export type Files = Readonly<{
  blocks: readonly string[]
  rollups: readonly string[]
  log: readonly string[]
  /** Files that are written anew and again: these are copied, where they are. */
  copied: readonly string[]
}>

/**
 * Makes a folder that is a store by itself, of files that are shared with this one where the disk is the same. It is on the
 * disk when this returns. Throws what the file system throws, also when the folder is there already.
 */
export function writeSnapshot(folder: string, { blocks, rollups, log, copied }: Files): void {
  mkdirSync(folder, { mode: 0o700 })
  for (const [name, paths] of Object.entries({ blocks, rollups, wal: log })) {
    const inside = join(folder, name)
    mkdirSync(inside, { mode: 0o700 })
    for (const path of paths) linkOrCopy(path, join(inside, basename(path)))
    syncFolder(inside)
  }
  for (const path of copied) if (existsSync(path)) copyFileSync(path, join(folder, basename(path)))
  syncFolder(folder)
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EXDEV')) throw thrown
    copyFileSync(from, to)
  }
}
