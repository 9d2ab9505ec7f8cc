import type { FlagUse } from '../../../api/wire/flag-use.ts'
import type { FlagView } from '../../../api/wire/flags.ts'
import { plainText } from '../../state/code/plain-text.ts'
import { flagAddress } from '../../state/flags/route.ts'
import { isExpired, stateOf, useWords } from '../../words/flags/flag-words.ts'
import { Link } from '../link.tsx'
import { useNow } from '../now.tsx'
import { When } from '../when.tsx'
import { FlagSwitch } from './flag-switch.tsx'

/** `use` is null while it is not known, and undefined for a flag that nobody counted. */
type Row = Readonly<{ view: FlagView; environment: string; use: FlagUse | null | undefined }>

/** One flag in the list. */
export function FlagRow({ view, environment, use }: Row) {
  const { key, flag, who, at } = view
  const { word, tone } = stateOf(flag)
  const { owner, tags = [], description } = flag.about ?? {}
  const now = useNow()
  return (
    <li class={`row flag-row tone-${tone}`}>
      <div class="row-main">
        <p class="row-title">
          <Link to={flagAddress(key, environment)} class="row-link">
            {plainText(key)}
          </Link>
          <span class="state-word">{word}</span>
          {isExpired(view, now) && <span class="tag tag-care">expired {flag.about?.expires}</span>}
          {tags.map((tag) => (
            <span key={tag} class="tag">
              {plainText(tag)}
            </span>
          ))}
        </p>
        {description !== undefined && <p class="row-why">{plainText(description)}</p>}
        <p class="row-why">{use === null ? 'counting …' : useWords(use)}</p>
      </div>
      <div class="row-side">
        <FlagSwitch view={view} environment={environment} isLoud={false} />
        <p class="row-facts">
          <span>{flag.type}</span>
          {owner !== undefined && <span>{plainText(owner)}</span>}
          <span>
            {who}, <When at={at} />
          </span>
        </p>
      </div>
    </li>
  )
}
