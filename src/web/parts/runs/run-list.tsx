import { useState } from 'preact/hooks'
import type { CodeRoutes } from '../../../api/wire/code.ts'
import { runsThat } from '../../state/code/runs.ts'
import { useHub, useModel } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'
import { useLoaded } from '../use-loaded.ts'
import { RunRow } from './run-row.tsx'

type List = Readonly<{ repo: string | null; at: string | null }>

const pageSize = 50

/** Runs, newest first, as they go; of one repository and one ref, or of all. */
export function RunList({ repo, at }: List) {
  const { api, store } = useHub()
  const [oldest, reach] = useState<string | null>(null)
  const [isWhole, whole] = useState(false)
  const known = useModel(({ runs }) => runs)
  const take = ({ runs }: CodeRoutes['GET /api/runs']) => {
    store.tell({ type: 'runs came', runs })
    whole(runs.length < pageSize)
    reach(runs.at(-1)?.id ?? null)
    return runs
  }
  const first = useLoaded(`runs ${repo ?? ''} ${at ?? ''}`, 0, async () =>
    take(await api.runs({ repo, ref: at, commit: null, before: null, limit: pageSize })),
  )
  const [asked, ask] = useAsked<CodeRoutes['GET /api/runs']>()
  const older = async () => {
    const answer = await ask(() => api.runs({ repo, ref: at, commit: null, before: oldest, limit: pageSize }))
    if (answer !== null) take({ runs: answer.runs.length === 0 ? [] : answer.runs })
  }
  if (first.trouble !== null) return <TroubleView trouble={first.trouble} />
  if (first.answer === null) return <p class="quiet loading">Loading …</p>
  const shown = runsThat(known, { repo, ref: at }, isWhole ? null : oldest)
  if (shown.length === 0)
    return (
      <div class="nothing">
        <p>Nothing has run here yet.</p>
        <p class="quiet">
          Each push runs the jobs that its commit has: executables in the folder <code>ci</code>, or lines in{' '}
          <code>tandem.ts</code>.
        </p>
      </div>
    )
  return (
    <>
      <ol class="rows">
        {shown.map((run) => (
          <RunRow key={run.id} run={run} isRepoShown={repo === null} />
        ))}
      </ol>
      <div class="end">
        {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
        {isWhole ? (
          <p class="quiet">This is where it began.</p>
        ) : (
          <button type="button" disabled={asked.type === 'asking'} onClick={() => void older()}>
            {asked.type === 'asking' ? 'Loading …' : 'Load older'}
          </button>
        )}
      </div>
    </>
  )
}
