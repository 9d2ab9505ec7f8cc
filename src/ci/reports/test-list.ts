import type { TestResult } from '../../store/runs.ts'

/** One test as a reader found it: the names of its groups, outermost first, then its own. */
export type FoundTest = Omit<TestResult, 'name'> & Readonly<{ path: readonly string[] }>

/** Tests as they are found, in bounds: reports are written by whoever may push. */
export type TestList = Readonly<{
  add: (test: FoundTest) => void
  tests: () => readonly TestResult[]
  /** How many were left out because there were too many. */
  left: () => number
}>

const MOST_TESTS = 20_000
const LONGEST_NAME = 500
const LONGEST_MESSAGE = 4_000

export function openTestList(): TestList {
  const tests: TestResult[] = []
  const seen = new Map<string, number>()
  let left = 0
  return {
    add: ({ path, outcome, ms, message }) => {
      if (tests.length === MOST_TESTS) left += 1
      else
        tests.push({
          name: numbered(nameOf(path), seen),
          outcome,
          ms: ms !== null && Number.isFinite(ms) && ms >= 0 ? Math.round(ms * 1000) / 1000 : null,
          message: message === null ? null : clean(message, LONGEST_MESSAGE) || null,
        })
    },
    tests: () => tests,
    left: () => left,
  }
}

function nameOf(path: readonly string[]): string {
  const words = path
    .map((word) => clean(word, LONGEST_NAME).replaceAll(/\s+/g, ' '))
    .filter((word) => word !== '')
  return cut(words.join(' > '), LONGEST_NAME) || '(no name)'
}

/** Tests that are called alike keep their order. */
function numbered(name: string, seen: Map<string, number>): string {
  const times = (seen.get(name) ?? 0) + 1
  seen.set(name, times)
  return times === 1 ? name : `${name} #${times}`
}

/** Text for people: without colours, control characters and space around it. */
function clean(text: string, most: number): string {
  const plain = text
    .slice(0, most * 4)
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- these are what is taken out
    .replaceAll(/\u001B\[[0-9;?]*[A-Za-z]|\r/g, '')
    // oxlint-disable-next-line no-control-regex -- these are what is taken out
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '\u{FFFD}')
  return cut(plain.trim(), most)
}

const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text
