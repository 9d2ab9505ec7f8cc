import { useEffect, useState } from 'preact/hooks'
import type { ChangeView } from '../../../api/wire/wire.ts'
import type { ChangeId } from '../../../change/order.ts'
import { type Api, troubleIfRefused } from '../../api.ts'
import { concerns, historyDepth, historyShown, mayConcern } from '../../state/host-history.ts'
import { useHub, useModel } from '../hub.ts'

const infraTarget = 'infra'
const atOnce = 4

/** Changes that touched a host, newest first; null until it is known which. */
export function useHostHistory(host: string): readonly ChangeView[] | null {
  const { api } = useHub()
  const infra = useInfraChanges()
  const heard = useModel((model) => model.changes)
  const apps = useModel((model) => model.status?.apps ?? null)
  const [known, setKnown] = useState<ReadonlyMap<ChangeId, boolean>>(new Map())
  const all = new Map([...(infra ?? []).map((change) => [change.id, change] as const), ...heard])
  const candidates = mayConcern(host, all.values(), apps ?? [])
  const ids = candidates.map(({ id }) => id).join(' ')
  useEffect(() => {
    const missing = ids.split(' ').filter((id) => id !== '' && !known.has(id))
    if (infra === null || missing.length === 0) return
    let isLeft = false
    // What cannot be loaded now is asked for again with the next change.
    lookThrough(api, host, missing).then((found) => {
      if (!isLeft) setKnown((before) => new Map([...before, ...found]))
    }, troubleIfRefused)
    return () => void (isLeft = true)
  }, [api, host, ids, infra === null])
  if (infra === null || (known.size === 0 && ids !== '')) return null
  return candidates.filter(({ id }) => known.get(id) === true).slice(0, historyShown)
}

/**
 * The newest changes of the infrastructure, which deploys may have pushed off the newest page of all. They are kept
 * here: a list of all changes that had only these older ones would have holes.
 */
function useInfraChanges(): readonly ChangeView[] | null {
  const { api } = useHub()
  const isLoaded = useModel((model) => model.loaded)
  const [changes, setChanges] = useState<readonly ChangeView[] | null>(null)
  useEffect(() => {
    if (!isLoaded) return
    api.changes({ target: infraTarget, before: null, limit: historyDepth }).then(
      (answer) => setChanges(answer.changes),
      (thrown: unknown) => {
        troubleIfRefused(thrown)
        setChanges([])
      },
    )
  }, [api, isLoaded])
  return changes
}

async function lookThrough(
  api: Api,
  host: string,
  ids: readonly ChangeId[],
): Promise<readonly (readonly [ChangeId, boolean])[]> {
  const found: (readonly [ChangeId, boolean])[] = []
  for (let first = 0; first < ids.length; first += atOnce) {
    const some = ids.slice(first, first + atOnce)
    const details = await Promise.all(some.map((id) => api.change(id)))
    found.push(...details.map((detail) => [detail.change.id, concerns(host, detail)] as const))
  }
  return found
}
