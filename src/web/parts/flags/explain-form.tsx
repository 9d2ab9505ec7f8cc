import { useId, useState } from 'preact/hooks'
import type { FlagRoutes } from '../../../api/wire/flags.ts'
import { contextIn } from '../../state/flags/context-in.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { useHub } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'

/** `rev` names the flag as it is shown: when it becomes another, so does the answer. */
type Question = Readonly<{ flag: string; environment: string; rev: string }>

/** Says what somebody gets and why: which rule, which lot, and why not the rules before it. */
export function ExplainForm({ flag, environment, rev }: Question) {
  const { api } = useHub()
  const [user, setUser] = useState('')
  const [more, setMore] = useState('')
  const [asked, ask] = useAsked<FlagRoutes['POST /api/flags/:key/explain'] & Readonly<{ rev: string }>>()
  const [userId, moreId] = [useId(), useId()]
  const context = contextIn(user, more)
  const submit = async (event: Event) => {
    event.preventDefault()
    if (context === null) return
    await ask(async () => ({ ...(await api.explain(flag, environment, context)), rev }))
  }
  return (
    <section aria-labelledby="explain">
      <h2 id="explain">What one person gets, and why</h2>
      <form class="explain" onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for={userId}>Person</label>
          <input
            id={userId}
            autoComplete="off"
            placeholder="the targeting key, such as user-42"
            value={user}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for={moreId}>Attributes</label>
          <input
            id={moreId}
            autoComplete="off"
            placeholder="country=DE plan=gold age=31"
            value={more}
            aria-invalid={context === null}
            onInput={(event) => setMore(event.currentTarget.value)}
          />
        </div>
        <button type="submit" disabled={context === null || asked.type === 'asking'}>
          Explain
        </button>
      </form>
      {context === null && (
        <p class="tone-bad state-word">Attributes are written as name=value, with spaces between.</p>
      )}
      <div aria-live="polite">
        {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
        {asked.type === 'answered' && (
          <>
            {asked.answer.rev !== rev && <p class="quiet">The flag has become another since: ask again.</p>}
            <ul class="explained">
              {asked.answer.explanation.lines.map((line, nth) => (
                <li key={nth}>{plainText(line)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}
