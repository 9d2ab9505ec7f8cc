import type { TestView } from '../../api/wire/code.ts'
import type { KeptTest } from '../../store/runs.ts'

/** What is known of a repository beside its tests. */
export type HistoryFacts = Readonly<{
  /** The ref whose failures are told, in full; tests of all refs count for time and for being flaky. */
  trunk: string
  /** The commits of the trunk, newest first. */
  commits: readonly string[]
  /** The tree of a commit, where it is known: two commits with one tree are one state of the code. */
  treeOf: (commit: string) => string | null
}>

export type HistoryOrder = 'slow' | 'flaky' | 'failing'

/** What the kept results say of each test, by its name and job. `tests` may come in any order. */
export function testHistory(tests: readonly KeptTest[], facts: HistoryFacts): readonly TestView[] {
  const told = tests.filter(({ outcome }) => outcome !== 'skipped').toSorted((a, b) => a.at - b.at)
  const groups = Map.groupBy(told, ({ name, job }) => JSON.stringify([job, name]))
  return [...groups.values()].map((results) => viewOf(results, facts))
}

/** The tests that people ask for: the slowest, those that pass only sometimes, those that fail, each worst first. */
export function inHistoryOrder(views: readonly TestView[], order: HistoryOrder): readonly TestView[] {
  switch (order) {
    case 'slow':
      return views.toSorted((a, b) => b.medianMs - a.medianMs)
    case 'flaky':
      return views
        .filter(({ isFlaky }) => isFlaky)
        .toSorted((a, b) => b.failures / b.runs - a.failures / a.runs)
    case 'failing':
      return views
        .filter(({ failingSince }) => failingSince !== null)
        .toSorted((a, b) => suspectsOf(a) - suspectsOf(b))
  }
}

/** Those with the fewest suspects are told first: there it is known best who can mend it. */
const suspectsOf = ({ failingSince }: TestView): number => failingSince?.suspects.length ?? 0

/** Results of one test, oldest first. */
function viewOf(results: readonly KeptTest[], facts: HistoryFacts): TestView {
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  const times = results.flatMap(({ outcome, ms }) => (outcome === 'passed' && ms !== null ? [ms] : []))
  const sorted = times.toSorted((a, b) => a - b)
  const { name = '', job = '' } = results[0] ?? {}
  return {
    name,
    job,
    runs: results.length,
    failures: failed.length,
    medianMs: at(sorted, 0.5),
    p95Ms: at(sorted, 0.95),
    isFlaky: isFlaky(results, facts),
    failingSince: failingSince(results, facts),
    lastMessage: failed.at(-1)?.message ?? null,
  }
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0

/** One state of the code with both outcomes, whether in two runs or in two attempts of one. */
function isFlaky(results: readonly KeptTest[], { treeOf }: HistoryFacts): boolean {
  const states = Map.groupBy(results, ({ commit }) => treeOf(commit) ?? commit)
  return [...states.values()].some((some) => new Set(some.map(({ outcome }) => outcome)).size > 1)
}

/**
 * The first failure on the trunk since the test last passed there, by the order of the commits, not of the runs: an old
 * commit may have been run again. A commit with both outcomes passed: its failure says nothing about the code.
 */
function failingSince(results: readonly KeptTest[], facts: HistoryFacts): TestView['failingSince'] {
  const places = new Map(facts.commits.map((commit, place) => [commit, place]))
  const onTrunk = results.filter(({ ref, commit }) => ref === facts.trunk && places.has(commit))
  const byCommit = Map.groupBy(onTrunk, ({ commit }) => commit)
  const newestFirst = [...byCommit].toSorted(([a], [b]) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  const green = newestFirst.findIndex(([, some]) => some.some(({ outcome }) => outcome === 'passed'))
  const red = green === -1 ? newestFirst.at(-1) : newestFirst[green - 1]
  const run = red?.[1][0]?.run
  if (red === undefined || run === undefined) return null
  const [commit] = red
  const from = places.get(commit) ?? 0
  const to = green === -1 ? from + 1 : (places.get(newestFirst[green]?.[0] ?? '') ?? from + 1)
  return { commit, run, suspects: facts.commits.slice(from, to) }
}
