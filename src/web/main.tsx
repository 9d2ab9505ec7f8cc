import { render } from 'preact'
import type { Me } from '../api/wire/wire.ts'
import type { Trouble } from '../change/trouble.ts'
import { type Api, makeApi, RefusedError } from './api.ts'
import { App } from './parts/frame/app.tsx'
import { emptyModel } from './state/model.ts'
import { tokenIn } from './state/route.ts'
import { makeStore, type Store } from './state/store.ts'

const root = document.getElementById('app')
if (root === null) throw new Error('the page has no place for the dashboard')

const store = makeStore(emptyModel)
const api = makeApi(fetchFor(store))
const trouble = await begin(api, store)
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
  // Gone from the address bar and from history before anything else runs: links get copied, screens get shared.
  if (token !== null) history.replaceState(null, '', location.pathname + location.search)
  return signIn(token === null ? hub.me() : hub.signIn(token), page, token !== null)
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
