import type { TestResult } from '../../store/runs.ts'
import { readJunit } from './junit.ts'
import { readSpec } from './spec.ts'
import { readTap } from './tap.ts'
import { openTestList, type TestList } from './test-list.ts'

/** What a report says; `notes` are what could not be read of it, for people. */
export type Report = Readonly<{ tests: readonly TestResult[]; notes: readonly string[] }>

type Reader = (text: string, list: TestList) => Promise<string | null>

/** Reads a report of tests, or a log that has one in it: JUnit XML, TAP 13 and 14, or what `node --test` prints. */
export async function readReport(text: string): Promise<Report> {
  const list = openTestList()
  const reader = readerFor(text)
  const fault =
    reader === null
      ? 'is no report that can be read: JUnit XML, TAP or `node --test`'
      : await reader(text, list)
  const left = list.left() > 0 ? [`has too many tests: ${list.left()} of them are left out`] : []
  return { tests: list.tests(), notes: [...(fault === null ? [] : [fault]), ...left] }
}

function readerFor(text: string): Reader | null {
  if (/^\uFEFF?\s*</.test(text)) return readJunit
  if (/^TAP version 1[34]\b/m.test(text) || /^(?:not )?ok \d+\b/m.test(text)) return readTap
  if (/^ *[✔✖▶﹣⚠] .* \(\d[\d.]*ms\)/mu.test(text)) return readSpec
  return null
}

/**
 * What two attempts of a job say together: the second, and what failed before it passed there, so that a test which
 * passes only sometimes is seen to do so.
 */
export function ofBothAttempts(
  first: readonly TestResult[],
  second: readonly TestResult[],
): readonly TestResult[] {
  const passed = new Set(second.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name))
  return [...first.filter(({ outcome, name }) => outcome === 'failed' && passed.has(name)), ...second]
}
