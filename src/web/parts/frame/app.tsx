import { useEffect, useMemo } from 'preact/hooks'
import type { Trouble } from '../../../change/trouble.ts'
import type { Api } from '../../api.ts'
import { LoginPage } from '../../pages/login.tsx'
import { follow } from '../../state/follow.ts'
import { routeOf } from '../../state/route.ts'
import type { Store } from '../../state/store.ts'
import { HubContext, useHub, useModel } from '../hub.ts'
import { NowProvider } from '../now.tsx'
import { Page } from './page.tsx'
import { Shell } from './shell.tsx'
import { useAddress } from './use-address.ts'

type World = Readonly<{ api: Api; store: Store; trouble: Trouble | null }>

/** The whole dashboard around what the address bar asks for. */
export function App({ api, store, trouble }: World) {
  const [address, go] = useAddress()
  const hub = useMemo(() => ({ api, store, address, go }), [api, store, address, go])
  return (
    <HubContext.Provider value={hub}>
      <Session trouble={trouble} />
    </HubContext.Provider>
  )
}

function Session({ trouble }: Readonly<{ trouble: Trouble | null }>) {
  const { api, store, address, go } = useHub()
  const session = useModel((model) => model.session)
  const route = useMemo(() => routeOf(address), [address])
  useEffect(() => {
    if (session !== 'in') return
    if (route.page === 'login') go('/', 'replace')
    const ears = { open: (at: string) => new EventSource(at), onOnline, reload: () => location.reload() }
    return follow({ api, store, ...ears, firstWaitMs: 500, silenceMs: 45_000 }).stop
  }, [api, store, session])
  if (session !== 'in') return <LoginPage trouble={trouble} />
  return (
    <NowProvider>
      <Shell route={route}>
        <Page route={route} />
      </Shell>
    </NowProvider>
  )
}

function onOnline(listener: () => void): () => void {
  addEventListener('online', listener)
  return () => removeEventListener('online', listener)
}
