import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { CodeFile } from '../../flags/stale/search.ts'

const foldersLimit = 20_000

/** The files of a folder that git knows, or would: what it is told to ignore is not the team's. Without git, all of them. */
export async function* workTree(
  dir: string,
  { fileBytes, isForeign }: Readonly<{ fileBytes: number; isForeign: (path: string) => boolean }>,
): AsyncGenerator<CodeFile> {
  for await (const path of pathsIn(dir)) {
    if (isForeign(path)) continue
    const found = await stat(join(dir, path)).catch(() => null)
    if (found === null || !found.isFile()) continue
    if (found.size > fileBytes) yield { path, why: `it has ${found.size} bytes` }
    else yield { path, text: await readFile(join(dir, path), 'utf8') }
  }
}

async function* pathsIn(dir: string): AsyncGenerator<string> {
  const { git } = await import('../../vcs/git.ts')
  const said = await git(dir, ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  if (said.code === 0) yield* said.out.split('\0').filter((path) => path !== '')
  else yield* walked(dir)
}

async function* walked(dir: string): AsyncGenerator<string> {
  const folders = [dir]
  for (let at = 0; at < folders.length && at < foldersLimit; at += 1) {
    const folder = folders[at] ?? dir
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isFile()) yield relative(dir, path)
      else if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== '.git')
        folders.push(path)
    }
  }
}
