import type { CodeRoutes } from '../../../api/wire/code.ts'
import type { Run } from '../../../store/runs.ts'
import { runAddress } from '../../state/code/route.ts'
import { useHub, useModel } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'

/** Cancels a run that goes on, and runs again one that is over, for who may. */
export function RunActions({ run }: Readonly<{ run: Run }>) {
  const { api, store, go } = useHub()
  const may = useModel((model) => model.me?.may ?? 'look')
  const [cancelled, cancel] = useAsked<CodeRoutes['POST /api/runs/:run/cancel']>()
  const [ordered, order] = useAsked<CodeRoutes['POST /api/runs/:run/again']>()
  if (may !== 'everything') return null
  const again = async () => {
    const answer = await order(() => api.runAgain(run.id))
    if (answer === null) return
    store.tell({ type: 'runs came', runs: [answer.run] })
    go(runAddress(answer.run.id, null))
  }
  return (
    <div class="actions">
      {run.outcome === null ? (
        <button
          type="button"
          disabled={cancelled.type === 'asking' || cancelled.type === 'answered'}
          onClick={() => void cancel(() => api.cancelRun(run.id))}
        >
          {cancelled.type === 'answered' ? 'Cancelling …' : 'Cancel'}
        </button>
      ) : (
        <button type="button" disabled={ordered.type === 'asking'} onClick={() => void again()}>
          Run again
        </button>
      )}
      {cancelled.type === 'refused' && <TroubleView trouble={cancelled.trouble} />}
      {ordered.type === 'refused' && <TroubleView trouble={ordered.trouble} />}
    </div>
  )
}
