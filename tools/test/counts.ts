import type { TestEvent } from 'node:test/reporters'

/**
 * What became of one test. `silent` proves nothing and does not say why: a test skipped or yet to be written, a file
 * that holds no test. `begun` is no result yet; `end` says that the run came to its end.
 */
export type Result = Readonly<
  | { type: 'begun' | 'passed' | 'failed'; name: string; file: string }
  | { type: 'skipped'; name: string; file: string; why: string }
  | { type: 'silent'; name: string; file: string; why: string }
  | { type: 'end' }
>

/**
 * A reporter that leaves a line of JSON for each test, suites not counted, so that a run that hangs or dies can still be
 * told about. It is given to `node --test` beside the one that people read.
 */
export default async function* count(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    const result = resultOf(event)
    if (result !== null) yield `${JSON.stringify(result)}\n`
  }
  yield `${JSON.stringify({ type: 'end' } satisfies Result)}\n`
}

function resultOf(event: TestEvent): Result | null {
  if (event.type === 'test:dequeue' && event.data.type !== 'suite')
    return { type: 'begun', name: event.data.name, file: event.data.file ?? '' }
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return null
  const { name, file = '', skip, todo, details } = event.data
  if (typeof skip === 'string' && skip.trim() !== '') return { type: 'skipped', name, file, why: skip }
  if (skip !== undefined && skip !== false) return { type: 'silent', name, file, why: 'skipped' }
  if (todo !== undefined && todo !== false) return { type: 'silent', name, file, why: 'yet to be written' }
  if (event.type === 'test:fail')
    return failedInside(event.data.details.error) ? null : { type: 'failed', name, file }
  // Node reports a file that holds no test as a test that passed.
  if (file.endsWith(name) && name.includes('.test.'))
    return { type: 'silent', name, file, why: 'holds no test' }
  return details.type === 'suite' ? null : { type: 'passed', name, file }
}

/** A suite or test that failed only because one inside it did, which is counted itself. */
function failedInside(error: object): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed'
}
