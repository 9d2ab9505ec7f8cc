import sax, { type Tag } from 'sax'
import { piecesOf } from './in-turns.ts'
import type { TestList } from './test-list.ts'

const DEEPEST = 100
const LONGEST_TEXT = 16 * 1024
const roots = ['testsuites', 'testsuite']

type Case = {
  path: readonly string[]
  ms: number | null
  outcome: 'passed' | 'failed' | 'skipped'
  message: string
}

/**
 * Reads JUnit XML, as JUnit, pytest, jest-junit, PHPUnit, Go and `node --test` write it. Gives what is wrong with it; what
 * was read before that stays.
 */
export async function readJunit(text: string, list: TestList): Promise<string | null> {
  const reader = openReader(list)
  const parser = sax.parser(true, { trim: false })
  parser.onopentag = (tag) => reader.open(tag as Tag)
  parser.onclosetag = (name) => reader.close(name)
  parser.ontext = (words) => reader.text(words)
  parser.oncdata = (words) => reader.text(words)
  let fault: string | null = null
  parser.onerror = ({ message }) => {
    const line = parser.line + 1
    fault ??= `is not well-formed: ${message.split('\n')[0]?.toLowerCase()} in line ${line}`
  }
  try {
    for await (const piece of piecesOf(text)) {
      parser.write(piece)
      if (fault !== null) return fault
    }
    parser.close()
    return fault
  } catch (thrown) {
    if (thrown instanceof NoReport) return thrown.message
    throw thrown
  }
}

class NoReport extends Error {}

function openReader(list: TestList) {
  const elements: string[] = []
  const suites: string[] = []
  let current: Case | null = null

  function open({ name, attributes }: Tag): void {
    if (elements.length === 0 && !roots.includes(name))
      throw new NoReport(`is XML, but no JUnit report: <${name.slice(0, 50)}>`)
    elements.push(name)
    if (elements.length > DEEPEST) throw new NoReport(`has elements more than ${DEEPEST} deep`)
    if (name === 'testsuite') suites.push(attributes['name'] ?? '')
    if (name === 'testcase') current = caseOf(attributes, suites)
    if (current !== null) judge(current, name, attributes)
  }

  function close(name: string): void {
    elements.pop()
    if (name === 'testsuite') suites.pop()
    if (name !== 'testcase' || current === null) return
    list.add(current)
    current = null
  }

  function text(words: string): void {
    if (current === null || !verdicts.includes(elements.at(-1) ?? '')) return
    if (current.message.length < LONGEST_TEXT) current.message += words.slice(0, LONGEST_TEXT)
  }

  return { open, close, text }
}

const verdicts = ['failure', 'error', 'skipped']

/** What may be skipped or failed at once is a test that is expected to fail. */
function judge(test: Case, element: string, attributes: Tag['attributes']): void {
  if (!verdicts.includes(element)) return
  if (test.outcome !== 'skipped') test.outcome = element === 'skipped' ? 'skipped' : 'failed'
  const message = attributes['message']
  if (message !== undefined) test.message += `${message}\n`
}

function caseOf(attributes: Tag['attributes'], suites: readonly string[]): Case {
  const { name = '', classname = '', time = '' } = attributes
  return {
    // Node escapes quotes twice.
    path: [...groupsOf(classname, suites), name].map((word) => word.replaceAll('&quot;', '"')),
    ms: /^[\d.,]+(?:e-?\d+)?$/i.test(time) ? Number(time.replaceAll(',', '')) * 1000 : null,
    outcome: 'passed',
    message: '',
  }
}

/** Most writers say the whole path in the class name; where it is that of the suites, those are easier to read. */
function groupsOf(classname: string, suites: readonly string[]): readonly string[] {
  const isOfSuites = ['', 'test', suites.join('.'), suites.at(-1)].includes(classname)
  return isOfSuites ? suites : [classname]
}
