import type { TestView } from '../../../api/wire/code.ts'
import type { TestSort } from '../../code-api.ts'
import { CommitLink } from '../../parts/code/commit-link.tsx'
import { RepoFrame } from '../../parts/code/repo-frame.tsx'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useMore } from '../../parts/use-more.tsx'
import { plainText } from '../../state/code/plain-text.ts'
import { runAddress, testsAddress } from '../../state/code/route.ts'
import { testTimeWords } from '../../words/code/code-words.ts'

const sorts: readonly Readonly<{ sort: TestSort; name: string; none: string }>[] = [
  { sort: 'failing', name: 'Failing', none: 'No test fails.' },
  { sort: 'flaky', name: 'Flaky', none: 'No test passes only sometimes.' },
  {
    sort: 'slow',
    name: 'Slowest',
    none: 'No job has reported tests yet: JUnit, TAP and node:test are read.',
  },
]

const mostAtOnce = 100

/** What is known of the tests of a repository: those that fail and since when, those that waver, those that take long. */
export function TestsPage({ repo, sort }: Readonly<{ repo: string; sort: TestSort }>) {
  const { api } = useHub()
  const news = useModel((model) => model.codeNews)
  const loaded = useLoaded(`${repo} ${sort}`, news, () => api.tests(repo, sort))
  return (
    <RepoFrame repo={repo} part="tests">
      <ul class="choices" aria-label="which tests">
        {sorts.map((one) => (
          <li key={one.sort}>
            <Link to={testsAddress(repo, one.sort)} isCurrent={one.sort === sort}>
              {one.name}
            </Link>
          </li>
        ))}
      </ul>
      <Loading of={loaded}>
        {({ tests }) =>
          tests.length === 0 ? (
            <div class="nothing">
              <p>{sorts.find((one) => one.sort === sort)?.none}</p>
            </div>
          ) : (
            <TestTable repo={repo} tests={tests} />
          )
        }
      </Loading>
    </RepoFrame>
  )
}

function TestTable({ repo, tests }: Readonly<{ repo: string; tests: readonly TestView[] }>) {
  const { shown, more } = useMore(tests, mostAtOnce)
  return (
    <>
      <table class="stacking tests">
        <caption class="unseen">tests of {repo}</caption>
        <thead>
          <tr>
            <th scope="col">Test</th>
            <th scope="col">Failed</th>
            <th scope="col">Median</th>
            <th scope="col">95 of 100</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((test) => (
            <TestRow key={`${test.job} ${test.name}`} repo={repo} test={test} />
          ))}
        </tbody>
      </table>
      {more}
    </>
  )
}

function TestRow({ repo, test }: Readonly<{ repo: string; test: TestView }>) {
  const { failingSince: since } = test
  return (
    <tr>
      <th scope="row">
        <span class="test-name">{plainText(test.name)}</span>
        <span class="test-facts">
          <span class="quiet">{test.job}</span>
          {test.isFlaky && <span class="tag tag-care">flaky</span>}
          {since !== null && (
            <Link to={runAddress(since.run, test.job)} class="tone-bad state-word">
              fails since {since.run}
            </Link>
          )}
        </span>
        {test.lastMessage !== null && <span class="test-message">{plainText(test.lastMessage)}</span>}
        {since !== null && since.suspects.length > 0 && (
          <span class="test-facts">
            <span class="quiet">{since.suspects.length === 1 ? 'suspect' : 'one of them did it'}</span>
            {since.suspects.map((hash) => (
              <CommitLink key={hash} repo={repo} hash={hash} />
            ))}
          </span>
        )}
      </th>
      <td data-label="Failed">
        {test.failures} of {test.runs}
      </td>
      <td data-label="Median">{testTimeWords(test.medianMs)}</td>
      <td data-label="95 of 100">{testTimeWords(test.p95Ms)}</td>
    </tr>
  )
}
