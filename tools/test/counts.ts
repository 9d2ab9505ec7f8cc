import type { TestEvent } from 'node:test/reporters'

/** What a run of node's tests came to. */
export type Counts = Readonly<{
  passed: number
  failed: number
  /** Tests that were left out, each saying why. */
  skipped: readonly Readonly<{ name: string; why: string }>[]
  /** What proves nothing and does not say why: tests skipped or yet to be written, files without a test. */
  silent: readonly string[]
}>

/**
 * A reporter that counts tests, not suites, and leaves one line of JSON. It is given to `node --test` beside the one that
 * people read.
 */
export default async function* count(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let passed = 0
  let failed = 0
  const skipped: { name: string; why: string }[] = []
  const silent: string[] = []
  for await (const event of events) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue
    const { name, file, skip, todo, details } = event.data
    if (typeof skip === 'string' && skip.trim() !== '') skipped.push({ name, why: skip })
    else if (skip !== undefined && skip !== false) silent.push(`${name}: skipped`)
    else if (todo !== undefined && todo !== false) silent.push(`${name}: yet to be written`)
    else if (event.type === 'test:fail') failed += failedInside(event.data.details.error) ? 0 : 1
    // Node reports a file that holds no test as a test that passed.
    else if (file?.endsWith(name) === true && name.includes('.test.')) silent.push(`${name}: holds no test`)
    else if (details.type !== 'suite') passed += 1
  }
  yield JSON.stringify({ passed, failed, skipped, silent })
}

/** A suite or test that failed only because one inside it did, which is counted itself. */
function failedInside(error: object): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed'
}
