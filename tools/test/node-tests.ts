import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Children } from '../child.ts'
import type { Counts } from './counts.ts'
import type { Outcome } from './outcome.ts'

/** Which tests a part runs and how. `together` is one process for all files; `apart` one each, one after the other. */
export type TestWish = Readonly<{
  part: string
  patterns: readonly string[]
  except: readonly string[]
  how: 'together' | 'apart'
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
  const scratch = mkdtempSync(join(tmpdir(), 'tandem-test-'))
  try {
    const countsFile = join(scratch, 'counts.json')
    const argv = nodeArgv(wish, files, countsFile)
    const ended = await children.run({ argv, cwd: root, limitMs: wish.partLimitMs, output: 'show' })
    if (ended.overdue)
      return failed(
        `not done after ${wish.partLimitMs / 1000} s, killed; a test hangs or leaves something open`,
      )
    const counts = readCounts(countsFile)
    if (counts === null) return failed(`node ended with code ${ended.code} before its tests did`)
    return outcomeOf(wish.part, began, counts, ended.code)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function nothing(part: string, began: number): Outcome {
  return { part, passed: 0, failed: 0, skipped: 0, ms: performance.now() - began, notes: [] }
}

function nodeArgv(wish: TestWish, files: readonly string[], countsFile: string): readonly string[] {
  return [
    process.execPath,
    '--test',
    ...(wish.how === 'together' ? ['--test-isolation=none'] : ['--test-concurrency=1']),
    `--test-timeout=${wish.testLimitMs}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'counts.ts')}`,
    `--test-reporter-destination=${countsFile}`,
    ...files,
  ]
}

/** The counts as our reporter wrote them; null when the process died before. */
function readCounts(file: string): Counts | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counts
  } catch {
    return null
  }
}

function outcomeOf(part: string, began: number, counts: Counts, code: number): Outcome {
  const { passed, failed, skipped, silent } = counts
  const ran = passed + failed + skipped.length + silent.length
  const unexplained = code !== 0 && failed === 0
  const notes = [
    ...silent.map((name) => `${name}, without saying why; that counts as failed`),
    ...(ran === 0 ? ['ran no test at all; that counts as failed'] : []),
    ...(unexplained ? [`no test failed, yet node ended with code ${code}; that counts as failed`] : []),
    ...skipped.map(({ name, why }) => `skipped "${name}": ${why}`),
  ]
  const failures = failed + silent.length + (ran === 0 || unexplained ? 1 : 0)
  return { ...nothing(part, began), passed, failed: failures, skipped: skipped.length, notes }
}
