import { relative, resolve } from 'node:path'
import { realpath } from 'node:fs/promises'
import { TroubleError } from '../../change/trouble.ts'
import type { Answer } from './answer.ts'
import type { TeamConfig } from '../config.ts'
import type { Place } from './locate.ts'
import { type Mistake, mistake, written } from '../mistakes/mistake.ts'
import { missing, readConfig } from './read.ts'

export type Loaded = Readonly<{
  config: TeamConfig
  /** The files it was read from, relative to the folder of `tandem.ts`: its modules first, then what those read. */
  files: readonly string[]
  /** What the configuration printed, for those who look for a mistake in it. */
  printed: string
}>

/** The most mistakes shown at once. */
const mostShown = 50

/**
 * Reads the configuration in `dir`. Throws a `TroubleError` that lists every mistake in it: the first is what it says,
 * the others are its tail.
 */
export async function loadConfig(dir: string): Promise<Loaded> {
  const reading = readConfig(dir)
  // The checker takes as long to load as the child takes to answer, so both go on at once.
  const [{ answer, printed }, { resolveTeam }] = await Promise.all([reading, import('../resolve.ts')])
  const { result } = answer
  if (result.type === 'said') throw new Error('recipes answered, and nobody had asked them')
  if (result.type !== 'value') throw await unread(result, answer, dir)
  const strange = strangeMistakes(answer)
  const resolved = resolveTeam(result.value)
  if (resolved.type === 'config' && strange.length === 0) {
    const rules = await checkedRules(resolved.config.metrics.rules, answer, dir)
    const files = filesOf(answer, await realpath(dir))
    return { config: resolved.config, files: [...files, ...rules], printed }
  }
  throw await mistaken([...strange, ...(resolved.type === 'mistaken' ? resolved.mistakes : [])], answer, dir)
}

/** All files that the answer depends on, relative to the folder of `tandem.ts`, modules first. */
export function filesOf({ sources, reads }: Answer, root: string): readonly string[] {
  return [...new Set([...sources.map(({ file }) => file), ...reads])].map((file) => relative(root, file))
}

/** What is wrong when the child could not even evaluate `tandem.ts`. */
export async function unread(
  result: Extract<Answer['result'], { type: 'no default export' | 'thrown' }>,
  { sources }: Answer,
  dir: string,
): Promise<TroubleError> {
  if (result.type === 'no default export') {
    return new TroubleError({
      what: 'tandem.ts has no default export',
      where: 'tandem.ts',
      now: 'write `export default tandem({ … })`',
    })
  }
  const { complaintOf, isEntryMissing } = await import('./thrown.ts')
  if (isEntryMissing(result.thrown)) return missing(dir)
  const { what, now, place } = complaintOf(result.thrown, sources)
  const { shownPlace } = await import('./locate.ts')
  return new TroubleError({
    what,
    now,
    where: place === null ? 'tandem.ts' : shownPlace(place, await realpath(dir)),
  })
}

/** What JSON cannot carry. An optional key may be undefined, but a variable would go missing without a word. */
function strangeMistakes({ strange }: Answer): readonly Mistake[] {
  return strange.flatMap(({ path, found }) => {
    if (found === 'undefined' && path.at(-2) !== 'env') return []
    const now =
      found === 'undefined'
        ? 'write it out, or name it in secrets: tandem.ts sees no environment variables'
        : 'write plain data: texts, numbers, lists and objects'
    return [mistake(path, `${written(path)} is ${found}`, now)]
  })
}

async function mistaken(found: readonly Mistake[], answer: Answer, dir: string): Promise<TroubleError> {
  const { locator } = await import('./locate.ts')
  const root = await realpath(dir)
  const locate = locator(answer.sources, resolve(root, 'tandem.ts'))
  const placed = onlyFirst(found).map((each) => ({ ...each, place: locate(each.path, each.at) }))
  return await listed(placed, answer, root)
}

/** The files of recording rules. Throws a `TroubleError` that lists what is wrong in them. */
async function checkedRules(
  patterns: readonly string[],
  answer: Answer,
  dir: string,
): Promise<readonly string[]> {
  if (patterns.length === 0) return []
  const { emptyPatterns, mistakesInRules, readRuleFiles } = await import('../metrics/rule-files.ts')
  const empty = await emptyPatterns(patterns, dir)
  if (empty.length > 0) throw await mistaken(empty, answer, dir)
  const files = await readRuleFiles(patterns, dir)
  const found = await mistakesInRules(files, dir)
  if (found.length > 0) throw await listed(found, answer, await realpath(dir))
  return files.map(({ file }) => file)
}

/** One error for all mistakes: the first is what it says, the others are its tail. */
export async function listed(
  found: readonly Readonly<{ what: string; now: string; place: Place }>[],
  { sources }: Answer,
  root: string,
): Promise<TroubleError> {
  const { shownPlace } = await import('./locate.ts')
  const files = sources.map(({ file }) => file)
  const placed = found.toSorted((a, b) => order(a.place, b.place, files))
  const lines = placed.map(({ what, now, place }) => ({ what, now, where: shownPlace(place, root) }))
  const [first, ...others] = lines
  if (first === undefined) throw new Error('no mistake among the mistakes')
  const tail = others.slice(0, mostShown).map(({ what, now, where }) => `${where}: ${what}; ${now}`)
  if (others.length > mostShown) tail.push(`and ${others.length - mostShown} more`)
  return new TroubleError({ ...first, ...(tail.length > 0 && { tail }) })
}

/** A strange value is also one of the wrong type: that is told once. */
function onlyFirst(found: readonly Mistake[]): readonly Mistake[] {
  const said = new Map(found.toReversed().map((each) => [written(each.path) + each.at, each]))
  return found.filter((each) => said.get(written(each.path) + each.at) === each)
}

function order(a: Place, b: Place, files: readonly string[]): number {
  const byFile = files.indexOf(a.file) - files.indexOf(b.file) || a.file.localeCompare(b.file)
  return byFile || a.line - b.line || a.column - b.column
}
