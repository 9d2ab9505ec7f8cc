import { useEffect } from 'preact/hooks'
import type { Routes } from '../../../api/wire/wire.ts'
import { pageSize } from '../../state/follow.ts'
import { newestFirst } from '../../state/model.ts'
import { reachOf } from '../../state/reach.ts'
import { useHub, useModel } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'

/** Loads the changes before the oldest one that is here, of one target or of all. */
export function OlderButton({ target }: Readonly<{ target: string | null }>) {
  const { api, store } = useHub()
  const isComplete = useModel(({ reach }) => reachOf(reach, target) === 0)
  const [asked, ask] = useAsked<Routes['GET /api/changes']>()
  const load = async () => {
    const from = reachOf(store.read().reach, target)
    const before = Number.isFinite(from) ? `c${from}` : null
    const answer = await ask(() => api.changes({ target, before, limit: pageSize }))
    if (answer === null) return
    const { changes } = answer
    store.tell({ type: 'changes came', changes, asked: { target, before }, isEnd: changes.length < pageSize })
  }
  const isBare = newestFirst(store.read(), target).length < pageSize
  useEffect(() => {
    // A target picked as a filter may have few of its changes among the newest of all.
    if (target !== null && isBare && !isComplete) void load()
  }, [target])
  if (isComplete && newestFirst(store.read(), target).length === 0) return null
  if (isComplete) return <p class="end quiet">This is where it began.</p>
  return (
    <div class="end">
      {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
      <button type="button" disabled={asked.type === 'asking'} onClick={() => void load()}>
        {asked.type === 'asking' ? 'Loading …' : 'Load older'}
      </button>
    </div>
  )
}
