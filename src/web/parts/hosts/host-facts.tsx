import { useEffect } from 'preact/hooks'
import type { HostFacts as Facts, Routes } from '../../../api/wire/wire.ts'
import { factRows } from '../../words/fact-words.ts'
import { useHub } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'

/** What is observed of a host as a whole; it is asked when its page is opened. */
export function HostFacts({ name }: Readonly<{ name: string }>) {
  const { api } = useHub()
  const [asked, ask] = useAsked<Routes['POST /api/facts']>()
  useEffect(() => void ask(() => api.facts([name])), [api, ask, name])
  return (
    <section aria-labelledby="facts" aria-busy={asked.type === 'asking'}>
      <h2 id="facts">Facts</h2>
      {asked.type === 'asking' && <p class="quiet">Asking {name} …</p>}
      {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
      {asked.type === 'answered' && <Answer facts={asked.answer.hosts[0] ?? null} />}
    </section>
  )
}

function Answer({ facts }: Readonly<{ facts: Facts | null }>) {
  if (facts === null || facts.facts === null)
    return <p class="tone-bad state-word">{facts?.away ?? 'the hub has said nothing about it'}</p>
  return (
    <dl class="facts">
      {factRows(facts.facts).map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
