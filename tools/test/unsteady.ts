import type { Ended } from '../child.ts'
import type { Result } from './counts.ts'

/** What became of the tests of some files, and how node ended. */
export type Played = Readonly<{ results: readonly Result[]; ended: Ended }>

/** More than these are no chance: they fail at once. */
const mostFiles = 3

/**
 * Files with a test that failed, to be played once more with nothing beside them. Where stories of real hosts or browsers
 * share a machine, one may fail for want of it. Such a test does not fail the run, but is named at its end: it is to be
 * mended. None are played again when many failed, or when the run itself did not come to its end.
 */
export function filesToPlayAgain({ results, ended }: Played): readonly string[] {
  if (ended.overdue || results.at(-1)?.type !== 'end') return []
  const files = [...new Set(results.flatMap((one) => (one.type === 'failed' ? [one.file] : [])))]
  return files.length > mostFiles || files.includes('') ? [] : files
}

/** The first run with what came of the second for the files that were played again. */
export function withPlayedAgain(first: Played, alone: Played, files: readonly string[]): Played {
  const kept = first.results.filter((one) => one.type !== 'end' && !files.includes(one.file))
  return { results: [...kept, ...alone.results], ended: alone.ended }
}

/** Tests that failed first and not alone, with their files. */
export function unsteadyIn(first: Played, alone: Played): readonly string[] {
  const failedAlone = failedIn(alone)
  return failedIn(first).filter((name) => !failedAlone.includes(name))
}

function failedIn({ results }: Played): readonly string[] {
  return results.flatMap((one) => (one.type === 'failed' ? [`"${one.name}" of ${one.file}`] : []))
}
