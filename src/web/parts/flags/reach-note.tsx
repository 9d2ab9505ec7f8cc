import { useEffect } from 'preact/hooks'
import type { FlagUseRoutes, Reach } from '../../../api/wire/flag-use.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import { shareWords } from '../../words/flags/flag-words.ts'
import { useHub } from '../hub.ts'
import { useAsked } from '../use-asked.ts'

type Wish = Readonly<{ flag: string; environment: string; wanted: Flag }>

const restMs = 200

/** How many of the people seen lately would get what. Says so when nobody was seen: a guess is no number. */
export function ReachNote({ flag, environment, wanted }: Wish) {
  const { api } = useHub()
  const [asked, ask] = useAsked<FlagUseRoutes['POST /api/flag-use/:key/reach']>()
  const text = JSON.stringify(wanted)
  useEffect(() => {
    const timer = setTimeout(() => void ask(() => api.reach(flag, environment, wanted)), restMs)
    return () => clearTimeout(timer)
  }, [api, ask, flag, environment, text])
  // What is wrong with it the plan says.
  if (asked.type === 'refused') return null
  if (asked.type !== 'answered') return <p class="quiet reach">Whom it would reach is being counted …</p>
  const { now, wanted: then } = asked.answer
  if (then.sample === 0)
    return <p class="quiet reach">Nobody was seen lately, so it is not known whom it would reach.</p>
  return (
    <div class="reach">
      <p class="quiet">
        Of the {then.seen.toLocaleString('en-GB')} people seen lately
        {then.seen > then.sample ? `, by a sample of ${then.sample}` : ''}:
      </p>
      <ul>
        {namesOf(now, then).map((name) => (
          <li key={name}>
            <span>{name || "the program's own default"}</span>
            <meter
              max={then.sample}
              value={then.variants[name] ?? 0}
              aria-label={`how many would get ${name || 'its own default'}`}
            />
            <strong>{shareWords(then.variants[name] ?? 0, then.sample)}</strong>
            {now !== null && <span class="quiet">now {shareWords(now.variants[name] ?? 0, now.sample)}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}

const namesOf = (now: Reach | null, then: Reach): readonly string[] =>
  [...new Set([...Object.keys(then.variants), ...Object.keys(now?.variants ?? {})])].toSorted()
