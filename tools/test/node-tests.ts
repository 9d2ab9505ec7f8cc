import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Children, Ended } from '../child.ts'
import type { Result } from './counts.ts'
import type { Outcome } from './outcome.ts'
import { filesToPlayAgain, type Played, unsteadyIn, withPlayedAgain } from './unsteady.ts'

/**
 * Which tests a part runs and how. `together`, files share processes, of which there are so many `atOnce`; `apart`, each has
 * one of its own, and so many run `atOnce`.
 */
export type TestWish = Readonly<{
  part: string
  patterns: readonly string[]
  except: readonly string[]
  /** Files to be begun before the others, where they run apart. */
  first: readonly string[]
  how: 'together' | 'apart'
  atOnce: number
  /** For one test, or one file where they run apart. */
  testLimitMs: number
  partLimitMs: number
}>

const hiddenFolders = ['**/node_modules/**', '**/fixtures/**', '**/build/**', '**/dist/**']

/** Runs node's tests, shows them as they go, and counts them. A part without a test has failed. */
export async function runTests(wish: TestWish, root: string, children: Children): Promise<Outcome> {
  const began = performance.now()
  const exclude = [...wish.except, ...hiddenFolders]
  const files = globSync([...wish.patterns], { cwd: root, exclude }).toSorted()
  const failed = (note: string) => ({ ...nothing(wish.part, began), failed: 1, notes: [note] })
  if (files.length === 0) return failed(`no test file matches ${wish.patterns.join(' ')}`)
  const outcomes = await Promise.all(shared(files, wish).map((some) => runFiles(wish, some, root, children)))
  return { ...joined(outcomes), part: wish.part, ms: performance.now() - began }
}

/** Processes and their files. Those that share one are dealt out by turns, as neighbours take alike long. */
function shared(files: readonly string[], { how, atOnce }: TestWish): readonly (readonly string[])[] {
  if (how === 'apart') return [files]
  const hands = Math.min(atOnce, files.length)
  return Array.from({ length: hands }, (_, hand) => files.filter((_file, nth) => nth % hands === hand))
}

async function runFiles(
  wish: TestWish,
  files: readonly string[],
  root: string,
  children: Children,
): Promise<Outcome> {
  const began = performance.now()
  const first = await played(wish, files, root, children)
  const again = wish.how === 'apart' ? filesToPlayAgain(first) : []
  if (again.length === 0) return outcomeOf(wish, began, first)
  const alone = await played({ ...wish, atOnce: 1 }, again, root, children)
  const outcome = outcomeOf(wish, began, withPlayedAgain(first, alone, again))
  const unsteady = unsteadyIn(first, alone)
  const notes = unsteady.map((name) => `failed beside others and passed alone: ${name}`)
  return { ...outcome, unsteady: unsteady.length, notes: [...notes, ...outcome.notes] }
}

async function played(
  wish: TestWish,
  files: readonly string[],
  root: string,
  children: Children,
): Promise<Played> {
  const scratch = mkdtempSync(join(tmpdir(), 'tandem-test-'))
  try {
    const countsFile = join(scratch, 'counts.json')
    const argv = nodeArgv(wish, inOrder(wish, files, root), countsFile)
    const ended = await children.run({ argv, cwd: root, limitMs: wish.partLimitMs, output: 'show' })
    return { results: readResults(countsFile), ended }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function joined(
  outcomes: readonly Outcome[],
): Pick<Outcome, 'passed' | 'failed' | 'skipped' | 'unsteady' | 'notes'> {
  const sum = (count: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0)
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
    unsteady: sum(({ unsteady }) => unsteady),
    notes: outcomes.flatMap(({ notes }) => notes),
  }
}

function nothing(part: string, began: number): Outcome {
  return { part, passed: 0, failed: 0, skipped: 0, unsteady: 0, ms: performance.now() - began, notes: [] }
}

/** Node runs files in the order of their names, in which whole paths come first. */
function inOrder({ how, first }: TestWish, files: readonly string[], root: string): readonly string[] {
  return files.map((file) => (how === 'apart' && first.includes(file) ? join(root, file) : file))
}

function nodeArgv(wish: TestWish, files: readonly string[], countsFile: string): readonly string[] {
  return [
    process.execPath,
    '--test',
    ...(wish.how === 'together' ? ['--test-isolation=none'] : [`--test-concurrency=${wish.atOnce}`]),
    `--test-timeout=${wish.testLimitMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'counts.ts')}`,
    `--test-reporter-destination=${countsFile}`,
    ...files,
  ]
}

/** The results as our reporter wrote them; a last line that was cut off is dropped. */
function readResults(file: string): readonly Result[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Result)
}

function outcomeOf(wish: TestWish, began: number, { results, ended }: Played): Outcome {
  const passed = results.filter(({ type }) => type === 'passed').length
  const failed = results.filter(({ type }) => type === 'failed').length
  const silent = results.filter((result) => result.type === 'silent')
  const skipped = results.filter((result) => result.type === 'skipped')
  const faults = [
    ...silent.map(({ name, why }) => `${name}: ${why}, without saying why; that counts as failed`),
    ...faultsOfEnd(wish, results, ended),
  ]
  const odd = ended.code !== 0 && failed + faults.length === 0
  return {
    ...nothing(wish.part, began),
    passed,
    failed: failed + faults.length + (odd ? 1 : 0),
    skipped: skipped.length,
    notes: [
      ...faults,
      ...(odd ? [`no test failed, yet node ended with code ${ended.code}`] : []),
      ...skipped.map(({ name, why }) => `skipped "${name}": ${why}`),
    ],
  }
}

/** What is wrong with a run that did not come to its end, or came to it with nothing done. */
function faultsOfEnd(wish: TestWish, results: readonly Result[], ended: Ended): readonly string[] {
  const open = openTests(results)
  const tests = `${open.slice(0, 5).join(', ')}${open.length > 5 ? ' …' : ''}`
  if (ended.overdue) {
    const why = open.length > 0 ? `not ended: ${tests}` : 'each test ended, so what one opened is still open'
    return [`not done after ${wish.partLimitMs / 1000} s, killed; ${why}`]
  }
  if (results.at(-1)?.type !== 'end') {
    const during = open.length > 0 ? `, during ${tests} or soon after` : ''
    return [`node ended with code ${ended.code} before its tests did${during}`]
  }
  return results.some(({ type }) => type !== 'begun' && type !== 'end') ? [] : ['ran no test at all']
}

/** The names of tests that had begun and not ended. */
function openTests(results: readonly Result[]): readonly string[] {
  const open: string[] = []
  for (const result of results) {
    if (result.type === 'begun') open.push(result.name)
    else if (result.type !== 'end' && open.includes(result.name)) open.splice(open.indexOf(result.name), 1)
  }
  return open
}
