import type { CodeSearch } from '../../api/wire/flag-use.ts'
import { isForeign, searchCode, searchLimits } from '../../flags/stale/search.ts'
import { commitFiles } from '../../vcs/browse/commit-files.ts'

/** Where the files of a commit name flags. */
export function searchCommit(
  dir: string,
  commit: string,
  { where, flags }: Readonly<{ where: string; flags: readonly string[] }>,
): Promise<CodeSearch> {
  const files = commitFiles(dir, commit, { mostBytes: searchLimits.fileBytes, leaves: isForeign })
  return searchCode(where, files, flags)
}
