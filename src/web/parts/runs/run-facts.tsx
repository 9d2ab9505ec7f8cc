import type { Run } from '../../../store/runs.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { runAddress, shortRef, treeAddress } from '../../state/code/route.ts'
import { CommitLink } from '../code/commit-link.tsx'
import { Fact } from '../fact.tsx'
import { useModel } from '../hub.ts'
import { ChangeLink, Link } from '../link.tsx'
import { When } from '../when.tsx'
import { SpanTime } from './span-time.tsx'

/** What was run, for whom, and what came of it. */
export function RunFacts({ run }: Readonly<{ run: Run }>) {
  return (
    <dl class="facts">
      <Fact name="Repository">
        <Link to={treeAddress(run.repo, null, '')}>{run.repo}</Link>
      </Fact>
      <Fact name="Commit">
        <CommitLink repo={run.repo} hash={run.commit} />
      </Fact>
      <Fact name="Ref">
        <Link to={treeAddress(run.repo, run.ref, '')}>{plainText(shortRef(run.ref))}</Link>
      </Fact>
      <Fact name="Who">{run.who}</Fact>
      <Fact name="Door">{run.door}</Fact>
      <Fact name="When">
        <When at={run.orderedAt} />
      </Fact>
      <Fact name="Took">
        <SpanTime from={run.orderedAt} to={run.endedAt} />
      </Fact>
      {run.supersededBy !== null && (
        <Fact name="Made needless by">
          <Link to={runAddress(run.supersededBy, null)} class="id">
            {run.supersededBy}
          </Link>
        </Fact>
      )}
      {run.release !== null && (
        <Fact name="Artifact">
          <code title={run.release}>{run.release.slice(0, 12)}</code>
        </Fact>
      )}
      <LiveFact run={run} />
    </dl>
  )
}

/** Which change took it live, where it is live now. */
function LiveFact({ run }: Readonly<{ run: Run }>) {
  const apps = useModel(({ status }) => status?.apps ?? null)
  const live = apps?.filter((app) => isOf(run, app.commit, app.release)) ?? []
  if (live.length === 0) return null
  return (
    <Fact name="Live">
      {live.map(({ target, change, since }) => (
        <span key={target} class="run-live">
          <span class="tone-good state-word">{target}</span>
          {change !== null && (
            <>
              {' '}
              by <ChangeLink id={change} />
            </>
          )}
          {since !== null && (
            <span class="quiet">
              {' '}
              <When at={since} />
            </span>
          )}
        </span>
      ))}
    </Fact>
  )
}

const isOf = (run: Run, commit: string | null, release: string | null): boolean =>
  (run.release !== null && run.release === release) || (commit !== null && commit === run.commit)
