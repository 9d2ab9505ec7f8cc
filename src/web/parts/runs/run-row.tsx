import type { Run } from '../../../store/runs.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { runAddress, shortRef } from '../../state/code/route.ts'
import { runLookOf, runToneOf } from '../../words/code/run-words.ts'
import { CommitLink } from '../code/commit-link.tsx'
import { Link } from '../link.tsx'
import { When } from '../when.tsx'
import { RunBadge } from './run-badge.tsx'
import { SpanTime } from './span-time.tsx'

type Row = Readonly<{ run: Run; isRepoShown: boolean }>

/** One run in a list: of what, for whom, and how it went. */
export function RunRow({ run, isRepoShown }: Row) {
  const look = runLookOf(run)
  return (
    <li class={`row tone-${runToneOf(look)} ${run.outcome === null ? 'open' : ''}`}>
      <div class="row-main">
        <p class="row-title">
          <span class="id">{run.id}</span>
          <Link to={runAddress(run.id, null)} class="row-link">
            {plainText(run.subject)}
          </Link>
        </p>
        <p class="row-why run-place">
          {isRepoShown && <span>{run.repo}</span>}
          <CommitLink repo={run.repo} hash={run.commit} />
          <span class="run-ref">{plainText(shortRef(run.ref))}</span>
          <FailedJobs run={run} />
        </p>
      </div>
      <div class="row-side">
        <RunBadge look={look} />
        <p class="row-facts">
          <span class="who">{run.who}</span>
          <span>by {run.door}</span>
          <SpanTime from={run.orderedAt} to={run.endedAt} />
          <When at={run.orderedAt} />
        </p>
      </div>
    </li>
  )
}

/** Which jobs of a run to blame, so that nobody needs to open it to know. */
function FailedJobs({ run }: Readonly<{ run: Run }>) {
  const bad = run.jobs.filter(
    ({ outcome }) => outcome === 'failed' || outcome === 'timed out' || outcome === 'lost',
  )
  const running = run.jobs.filter(({ status }) => status === 'running')
  if (bad.length > 0) return <span class="tone-bad state-word">{bad.map(({ name }) => name).join(', ')}</span>
  if (run.outcome !== null || running.length === 0) return null
  return <span class="tone-busy state-word">{running.map(({ name }) => name).join(', ')}</span>
}
