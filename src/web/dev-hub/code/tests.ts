import type { CommitView, TestView } from '../../../api/wire/code.ts'
import type { TestSort } from '../../code-api.ts'

const names = [
  ['a parcel is promised for a working day', 'test (node=24)', 12, 31],
  ['two people buy the last bicycle at once', 'test (node=24)', 842, 3_911],
  ['a card that is refused says what is missing', 'test (node=22)', 44, 61],
  ['the whole catalogue is indexed', 'test (node=22)', 6_120, 7_804],
  ['a basket survives the session', 'test (node=22)', 2, 5],
  [`a name with <b>markup</b> & "quotes" stays a name`, 'test (node=24)', 1, 2],
] as const

/** What the tests of shop did in their last runs. */
export function testsOf(commits: readonly CommitView[], sort: TestSort): readonly TestView[] {
  const suspects = commits.slice(1, 4).map(({ hash }) => hash)
  const tests = names.map(([name, job, medianMs, p95Ms], nth): TestView => ({
    name,
    job,
    runs: 70,
    failures: nth === 0 ? 2 : nth === 1 ? 9 : 0,
    medianMs,
    p95Ms,
    isFlaky: nth === 1,
    failingSince: nth === 0 ? { commit: suspects[0] ?? '', run: 'r70', suspects } : null,
    lastMessage:
      nth === 0
        ? "Expected values to be strictly equal: 'Sunday' !== 'Monday'"
        : nth === 1
          ? 'timed out after 3000 ms'
          : null,
  }))
  if (sort === 'failing') return tests.filter(({ failingSince }) => failingSince !== null)
  if (sort === 'flaky') return tests.filter(({ isFlaky }) => isFlaky)
  return tests.toSorted((a, b) => b.medianMs - a.medianMs)
}
