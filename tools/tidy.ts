import { arrows, rings, strayImports } from './tidy/arrows.ts'
import { holesInLock, looseVersions, sdkDependencies, unexplainedDependencies } from './tidy/dependencies.ts'
import {
  brokenLinks,
  decisionPages,
  driftedExamples,
  missingPlaces,
  unmappedRooms,
} from './tidy/documents.ts'
import { handmadeShell, permits, unpermittedModules } from './tidy/processes.ts'
import type { Finding, Tree } from './tidy/source.ts'
import { silentTests } from './tidy/tests-speak.ts'
import { readTree } from './tidy/walk.ts'
import { emptyNamesIn, foreignWords, foreignWordsIn, reexports } from './tidy/words.ts'

/** The house rules that neither compiler nor linter knows, over a whole tree: what breaks them, by path and line. */
export function tidy(tree: Tree): readonly Finding[] {
  const { files } = tree
  return [
    ...strayImports(files, arrows),
    ...rings(files),
    ...emptyNamesIn(files),
    ...foreignWordsIn(files, foreignWords),
    ...reexports(files),
    ...silentTests(files),
    ...unpermittedModules(files, permits),
    ...handmadeShell(files),
    ...brokenLinks(tree),
    ...missingPlaces(tree),
    ...unmappedRooms(tree),
    ...driftedExamples(tree),
    ...decisionPages(files),
    ...looseVersions(files),
    ...unexplainedDependencies(files),
    ...sdkDependencies(files),
    ...holesInLock(files),
  ].toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
}

if (import.meta.main) {
  const tree = readTree(process.cwd())
  const findings = tidy(tree)
  for (const { path, line, says } of findings) console.log(`${path}:${line} ${says}`)
  if (tree.files.length === 0) console.log('no files found here; run this from the root of the checkout')
  else console.log(`${tree.files.length} files, ${findings.length} against the house rules`)
  process.exitCode = findings.length > 0 || tree.files.length === 0 ? 1 : 0
}
