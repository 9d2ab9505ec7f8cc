import type { CodeSearch, FlagPlace } from '../../api/wire/flag-use.ts'
import { placesIn } from './places.ts'

/** A file of the team, or why it is not looked at. */
export type CodeFile = Readonly<{ path: string }> & (Readonly<{ text: string }> | Readonly<{ why: string }>)

/** A file that is larger was made by a program, and a search that finds more is not read by anybody. */
export const searchLimits = {
  fileBytes: 1024 * 1024,
  files: 50_000,
  bytes: 500 * 1024 * 1024,
  places: 2_000,
  told: 50,
} as const

/** Folders that hold what others wrote, or what was built. */
export function isForeign(path: string): boolean {
  return /(^|\/)(node_modules|vendor|dist|build|\.git|\.tandem|target|coverage|\.venv|__pycache__)\//.test(
    path,
  )
}

/** Looks for flags in files, one after the other, within limits: what lies beyond them is said. */
export async function searchCode(
  where: string,
  files: AsyncIterable<CodeFile> | Iterable<CodeFile>,
  flags: readonly string[],
): Promise<CodeSearch> {
  const wanted = new Set(flags)
  const places: FlagPlace[] = []
  const leftOut: { path: string; why: string }[] = []
  let count = 0
  let bytes = 0
  for await (const file of files) {
    if ('why' in file) {
      if (leftOut.length < searchLimits.told) leftOut.push({ path: file.path, why: file.why })
      continue
    }
    if (isForeign(file.path)) continue
    count += 1
    bytes += file.text.length
    places.push(...placesIn(file.path, file.text, wanted))
    const limit = limitReached(count, bytes, places.length)
    if (limit === null) continue
    leftOut.push({ path: file.path, why: `the search ended here: ${limit}` })
    break
  }
  return { where, files: count, places: places.slice(0, searchLimits.places), leftOut }
}

function limitReached(files: number, bytes: number, places: number): string | null {
  if (files >= searchLimits.files) return `it looked at ${files} files`
  if (bytes >= searchLimits.bytes) return `it read ${Math.floor(bytes / 1024 / 1024)} MiB`
  return places >= searchLimits.places ? `it found ${places} places` : null
}
