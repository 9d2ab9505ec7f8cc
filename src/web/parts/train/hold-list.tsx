import type { CodeRoutes, HoldView } from '../../../api/wire/code.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { exactWords } from '../../words/time-words.ts'
import { useHub, useModel } from '../hub.ts'
import { TroubleView } from '../trouble-view.tsx'
import { useAsked } from '../use-asked.ts'
import { When } from '../when.tsx'

type Holds = Readonly<{ holds: readonly HoldView[]; onReleased: () => void }>

/** Who holds what back, why and until when; released by one press. */
export function HoldList({ holds, onReleased }: Holds) {
  if (holds.length === 0) return null
  return (
    <ul class="holds" aria-label="held back">
      {holds.map((hold) => (
        <HoldRow key={hold.target} hold={hold} onReleased={onReleased} />
      ))}
    </ul>
  )
}

function HoldRow({ hold, onReleased }: Readonly<{ hold: HoldView; onReleased: () => void }>) {
  const { api } = useHub()
  const may = useModel((model) => model.me?.may ?? 'look')
  const [asked, ask] = useAsked<CodeRoutes['DELETE /api/holds/:target']>()
  const release = async () => {
    const why = `the reason is gone: ${hold.why}`
    if ((await ask(() => api.release(hold.target, why))) !== null) onReleased()
  }
  return (
    <li class="hold">
      <p>
        <strong>{hold.target}</strong> is held by {hold.who}: {plainText(hold.why)}{' '}
        <span class="quiet">
          since <When at={hold.since} />
          {hold.until === null ? ', until somebody releases it' : `, until ${exactWords(hold.until)}`}
        </span>
      </p>
      {may === 'everything' && (
        <button
          type="button"
          aria-label={`Release ${hold.target}`}
          disabled={asked.type === 'asking'}
          onClick={() => void release()}
        >
          Release
        </button>
      )}
      {asked.type === 'refused' && <TroubleView trouble={asked.trouble} />}
    </li>
  )
}
