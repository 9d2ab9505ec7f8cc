import { render } from 'preact'
import type { Me } from '../api/wire/wire.ts'
import type { Trouble } from '../change/trouble.ts'
import { askAhead } from './ahead/ask-ahead.ts'
import { type Api, makeApiWithAhead, RefusedError } from './api.ts'
import { emptyModel } from './state/model.ts'
import { tokenIn } from './state/route.ts'
import { makeStore, type Store } from './state/store.ts'

// The dashboard itself is a chunk of its own, so that the hub is asked before all of it is there.
const root = document.getElementById('app')
if (root === null) throw new Error('the page has no place for the dashboard')

const store = makeStore(emptyModel)
const { api, ahead } = makeApiWithAhead(fetchFor(store))
const [trouble, { App }] = await Promise.all([begin(api, store), import('./parts/frame/app.tsx')])
render(<App api={api} store={store} trouble={trouble} />, root)

/** A session can end at any request: revoked, expired, or the person left the team. */
function fetchFor(signedOut: Store): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.status === 401) signedOut.tell({ type: 'signed out' })
    return response
  }
}

/** Signs in by the token of a link, or by the cookie that is there. */
async function begin(hub: Api, page: Store): Promise<Trouble | null> {
  const token = tokenIn(location.hash)
  const address = location.pathname + location.search
  // Gone from the address bar and from history before anything else runs: links get copied, screens get shared.
  if (token !== null) history.replaceState(null, '', address)
  if (token !== null) return signIn(hub.signIn(token), page, true)
  const me = hub.me()
  void askAhead(address, { api: ahead, now: Date.now(), signal: new AbortController().signal })
  return signIn(me, page, false)
}

async function signIn(answer: Promise<Me>, page: Store, isByLink: boolean): Promise<Trouble | null> {
  try {
    page.tell({ type: 'signed in', me: await answer })
    return null
  } catch (thrown) {
    if (!(thrown instanceof RefusedError)) throw thrown
    page.tell({ type: 'signed out' })
    return thrown.status === 401 && !isByLink ? null : thrown.trouble
  }
}
