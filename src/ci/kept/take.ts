import { type FileHandle, open, rename, utimes } from 'node:fs/promises'
import { join } from 'node:path'

export const tarOf = (dir: string, release: string): string => join(dir, `${release}.tar`)

/** What an artifact is called while it waits to be taken away. */
export const leavingOf = (dir: string, release: string): string => `${tarOf(dir, release)}.leaving`

/**
 * The file of an artifact; null = it is gone. It counts as used from now on, and one that waits to be taken away is
 * brought back: whoever is about to read an artifact asks here first. Bringing back and taking away are one rename and
 * one unlink of the same name, so that of two processes exactly one has its way.
 */
export async function takeArtifact(dir: string, release: string): Promise<string | null> {
  const tar = tarOf(dir, release)
  if (await use(tar)) return tar
  await rename(leavingOf(dir, release), tar).catch(unlessGone)
  return (await use(tar)) ? tar : null
}

/** More often than this nobody takes the same artifact away while it is opened. */
const mostTries = 5

/** Opens an artifact to read it all, whoever takes it away meanwhile; null = it is gone. */
export async function openArtifact(dir: string, release: string): Promise<FileHandle | null> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const tar = await takeArtifact(dir, release)
    if (tar === null) return null
    const opened = await open(tar).catch(unlessGone)
    if (opened !== false) return opened
  }
  return null
}

async function use(tar: string): Promise<boolean> {
  const now = new Date()
  return utimes(tar, now, now).then(() => true, unlessGone)
}

export function unlessGone(thrown: unknown): false {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return false
  throw thrown
}
