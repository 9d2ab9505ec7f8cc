import { useEffect } from 'preact/hooks'
import type { Run, RunId } from '../../../store/runs.ts'
import { useHub, useModel } from '../../parts/hub.ts'
import { Link } from '../../parts/link.tsx'
import { PageHead } from '../../parts/frame/page-head.tsx'
import { JobList } from '../../parts/runs/job-list.tsx'
import { JobLog } from '../../parts/runs/job-log.tsx'
import { RunActions } from '../../parts/runs/run-actions.tsx'
import { RunBadge } from '../../parts/runs/run-badge.tsx'
import { RunFacts } from '../../parts/runs/run-facts.tsx'
import { TroubleView } from '../../parts/trouble-view.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { useTitle } from '../../parts/frame/use-title.ts'
import { jobToShow } from '../../state/code/jobs.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { runLookOf, runMeaningOf } from '../../words/code/run-words.ts'

type Which = Readonly<{ id: RunId; job: string | null; attempt: number | null }>

/** One run: its jobs, how far each is, and what they print. */
export function RunPage({ id, job, attempt }: Which) {
  const { api, store } = useHub()
  const run = useModel(({ runs }) => runs.get(id) ?? null)
  const loaded = useLoaded(id, 0, () => api.run(id))
  useEffect(() => {
    if (loaded.answer !== null) store.tell({ type: 'runs came', runs: [loaded.answer.run] })
  }, [store, loaded.answer])
  useTitle(run === null ? `${id} · Tandem` : `${id} ${runLookOf(run)} · ${run.repo}`)
  return (
    <article class="change run-page">
      <p class="crumb">
        <Link to="/runs">Runs</Link> <span aria-hidden="true">/</span> {id}
      </p>
      {run === null && loaded.trouble !== null && (
        <>
          <PageHead title={`${id} cannot be shown`} />
          <TroubleView trouble={loaded.trouble} />
        </>
      )}
      {run !== null && <Whole run={run} job={job} attempt={attempt} />}
    </article>
  )
}

function Whole({ run, job: wanted, attempt: tried }: Readonly<{ run: Run }> & Omit<Which, 'id'>) {
  const look = runLookOf(run)
  const job = run.jobs.find(({ name }) => name === wanted) ?? jobToShow(run)
  const attempt = Math.min(tried ?? job?.attempt ?? 1, job?.attempt ?? 1)
  return (
    <>
      <PageHead title={plainText(run.subject)}>
        <RunActions run={run} />
      </PageHead>
      <p class="change-status" role="status">
        <RunBadge look={look} />
        <span class="quiet">{runMeaningOf(look)}</span>
      </p>
      <RunFacts run={run} />
      {run.trouble !== null && <TroubleView trouble={run.trouble} />}
      <section aria-labelledby="jobs">
        <h2 id="jobs">Jobs</h2>
        {run.jobs.length === 0 ? (
          <p class="quiet">This commit has no jobs: an executable in its folder ci would be one.</p>
        ) : (
          <JobList run={run} shown={job?.name ?? null} />
        )}
      </section>
      {job?.trouble !== null && job?.trouble !== undefined && <TroubleView trouble={job.trouble} />}
      {job !== null && <JobLog key={`${job.name} ${attempt}`} run={run.id} job={job} attempt={attempt} />}
    </>
  )
}
