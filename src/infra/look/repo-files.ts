import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, relative, resolve, sep } from 'node:path'
import { TroubleError } from '../../change/trouble.ts'
import type { Place } from '../../config/reading/locate.ts'

const mostFileBytes = 16 * 1024 * 1024

/** What files were when they were read, by their absolute path. */
export type FileStamps = ReadonlyMap<string, string>

/** The files of the team's own that recipes send, and which of them were read. */
export type Files = Readonly<{
  bytesOf: (path: string, at: Place) => Promise<Uint8Array>
  read: () => FileStamps
}>

export function openFiles(sourceDir: string): Files {
  const stamps = new Map<string, string>()
  return {
    bytesOf: async (path, at) => {
      const { file, stamp, bytes } = await fileOf(sourceDir, path, at)
      stamps.set(file, stamp)
      return bytes
    },
    read: () => stamps,
  }
}

/** Whether none of the files was written since it was read. */
export async function areUnwritten(files: FileStamps): Promise<boolean> {
  const now = await Promise.all([...files].map(async ([file, stamp]) => (await stampOf(file)) === stamp))
  return now.every((isSame) => isSame)
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  return found === null ? 'missing' : `${found.mtimeMs} ${found.size} ${found.ino}`
}

/** A file of the team's own: beside the recipe that names it, and never outside the folder of `tandem.ts`. */
async function fileOf(
  sourceDir: string,
  path: string,
  at: Place,
): Promise<Readonly<{ file: string; stamp: string; bytes: Uint8Array }>> {
  const written = resolve(sourceDir, dirname(at.file), path)
  const where = `${at.file}:${at.line}:${at.column}`
  // A link in the repository must not lead out of it: what a recipe sends is what people have read there.
  const [root, file] = await Promise.all([realpath(sourceDir), realpath(written).catch(() => written)])
  if (!file.startsWith(root + sep)) {
    throw new TroubleError({
      what: `${path} lies outside the folder of tandem.ts`,
      where,
      now: 'keep what recipes send in the repository',
    })
  }
  const stamp = await stampOf(file)
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new TroubleError(
      {
        what: `${relative(sourceDir, file)} cannot be read`,
        where,
        now: 'paths are relative to the file of the recipe',
      },
      { cause },
    )
  })
  if (bytes.length <= mostFileBytes) return { file, stamp, bytes }
  throw new TroubleError({
    what: `${relative(sourceDir, file)} has ${bytes.length} bytes; a file in a recipe may have ${mostFileBytes}`,
    where,
    now: 'keep it elsewhere and use download()',
  })
}
