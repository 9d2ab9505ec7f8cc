import { useState } from 'preact/hooks'
import type { FlagView } from '../../../api/wire/flags.ts'
import type { Rule } from '../../../../sdk/flag/flag.ts'
import { conditionText, ruleText } from '../../../words/flag.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { flagAddress } from '../../state/flags/route.ts'
import { servedWords } from '../../words/flags/flag-words.ts'
import { useModel } from '../hub.ts'
import { Link } from '../link.tsx'
import { ShareDialog } from './share-dialog.tsx'

/** `isFree`: nobody rolls it out now, so that it may be edited. */
type Rules = Readonly<{ view: FlagView; environment: string; isFree: boolean }>

/** Who gets what, in the order in which it is decided. */
export function FlagRules({ view, environment, isFree }: Rules) {
  const { requires = [], rules = [], on } = view.flag
  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Who gets what</h2>
      {!on && (
        <p class="quiet">
          It is off: everybody gets {servedWords(view.flag, view.flag.off)}. The rules wait.
        </p>
      )}
      <ol class="flag-rules">
        {requires.map((requirement) => (
          <li key={requirement.flag} class="flag-rule">
            <span>
              Only {conditionText(requirement)}; the others get {servedWords(view.flag, view.flag.off)}
            </span>
            <Link to={flagAddress(requirement.flag, environment)}>see {plainText(requirement.flag)}</Link>
          </li>
        ))}
        {rules.map((rule) => (
          <li key={rule.id} class="flag-rule">
            <span>{plainText(ruleText(rule))}</span>
            {isFree && <ShareButton view={view} environment={environment} rule={rule} />}
          </li>
        ))}
        <li class="flag-rule">
          <span>
            {rules.length > 0 ? 'everybody else gets' : 'everybody gets'}{' '}
            {servedWords(view.flag, view.flag.default)}
          </span>
        </li>
      </ol>
    </section>
  )
}

type OneRule = Readonly<{ view: FlagView; environment: string; rule: Rule }>

function ShareButton({ view, environment, rule }: OneRule) {
  const may = useModel((model) => model.me?.may ?? 'look')
  const [isAsking, ask] = useState(false)
  if (may !== 'everything' || rule.share === undefined) return null
  return (
    <>
      <button type="button" class="row-button" onClick={() => ask(true)}>
        Share …
      </button>
      {isAsking && (
        <ShareDialog view={view} environment={environment} rule={rule} onClose={() => ask(false)} />
      )}
    </>
  )
}
