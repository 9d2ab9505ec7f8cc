import { useEffect } from 'preact/hooks'
import { isOver } from '../../../change/status.ts'
import type { ChangeId } from '../../../change/order.ts'
import { type Api, troubleIfRefused } from '../../api.ts'
import type { OpenChange } from '../../state/model.ts'
import { logLimit } from '../../state/reduce.ts'
import type { Store } from '../../state/store.ts'
import { useHub, useModel } from '../hub.ts'

const mostLogPages = 50

/** Opens a change while its page is shown: loads it, and again when its status or the connection changes. */
export function useOpenChange(id: ChangeId): OpenChange | null {
  const { api, store } = useHub()
  const open = useModel((model) => (model.open?.id === id ? model.open : null))
  const hearing = useModel((model) => model.hearing)
  const status = open?.change?.status ?? null
  const revertedBy = open?.change?.revertedBy ?? null
  useEffect(() => {
    store.tell({ type: 'opened', id })
    return () => store.tell({ type: 'closed', id })
  }, [store, id])
  useEffect(() => {
    api.change(id).then(
      (detail) => store.tell({ type: 'detail came', detail }),
      (thrown: unknown) => store.tell({ type: 'detail refused', id, trouble: troubleIfRefused(thrown) }),
    )
  }, [api, store, id, status, revertedBy, hearing])
  const isEnded = status !== null && isOver(status)
  useEffect(() => {
    // A log that cannot be loaded leaves its place empty; the change itself says why the hub is not heard.
    loadLog(api, store, id).catch(troubleIfRefused)
  }, [api, store, id, isEnded, hearing])
  return open
}

/** The log comes oldest first and in pages; what the page has already is not asked for again. */
async function loadLog(api: Api, store: Store, id: ChangeId): Promise<void> {
  const open = store.read().open
  let after = open?.id === id ? (open.log.at(-1)?.seq ?? 0) : 0
  for (let page = 0; page < mostLogPages; page += 1) {
    const { lines } = await api.log(id, after, logLimit)
    store.tell({ type: 'printed', lines })
    if (lines.length < logLimit) return
    after = lines.at(-1)?.seq ?? after
  }
}
