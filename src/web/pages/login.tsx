import { useId, useState } from 'preact/hooks'
import type { Trouble } from '../../change/trouble.ts'
import type { Me } from '../../api/wire/wire.ts'
import { useHub } from '../parts/hub.ts'
import { Mark } from '../parts/frame/mark.tsx'
import { TroubleView } from '../parts/trouble-view.tsx'
import { useAsked } from '../parts/use-asked.ts'
import { useTitle } from '../parts/frame/use-title.ts'

/** Asks for a token. `trouble` says why a link with a token in it did not work. */
export function LoginPage({ trouble }: Readonly<{ trouble: Trouble | null }>) {
  const { api, store } = useHub()
  const [token, setToken] = useState('')
  const [asked, ask] = useAsked<Me>()
  const id = useId()
  useTitle('Sign in · Tandem')
  const submit = async (event: Event) => {
    event.preventDefault()
    const me = await ask(() => api.signIn(token.trim()))
    if (me !== null) store.tell({ type: 'signed in', me })
  }
  const refused = asked.type === 'refused' ? asked.trouble : asked.type === 'not asked' ? trouble : null
  return (
    <main class="login" id="content">
      <Mark />
      <h1>Sign in to Tandem</h1>
      <form onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for={id}>Token</label>
          <input
            id={id}
            type="password"
            required
            autoComplete="off"
            autoFocus
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        {refused !== null && <TroubleView trouble={refused} />}
        <button type="submit" class="primary" disabled={asked.type === 'asking'}>
          Sign in
        </button>
      </form>
      <p class="quiet">
        <code>tandem token new</code> makes one; anybody in the team can make one for you.
      </p>
    </main>
  )
}
