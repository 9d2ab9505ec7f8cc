import { useId, useState } from 'preact/hooks'
import type { FlagView } from '../../../api/wire/flags.ts'
import type { Rule } from '../../../../sdk/flag/flag.ts'
import { withShare } from '../../state/flags/with-share.ts'
import { SaveFlag } from './save-flag.tsx'

type Ask = Readonly<{ view: FlagView; environment: string; rule: Rule; onClose: () => void }>

/** Moves how many of its people a rule takes in. Who is in stays in while it grows. */
export function ShareDialog({ view, environment, rule, onClose }: Ask) {
  const { weight = 1, of = 1 } = rule.share ?? {}
  const [percent, setPercent] = useState(Number(((100 * weight) / of).toFixed(2)))
  const id = useId()
  const wanted = withShare(view.flag, rule.id, percent)
  return (
    <SaveFlag
      title={`Share of the rule ${rule.name ?? rule.id}`}
      view={view}
      environment={environment}
      wanted={wanted}
      onClose={onClose}
    >
      <div class="field">
        <label for={id}>
          Of those it is for: <strong>{percent} %</strong>
        </label>
        <input
          id={id}
          type="range"
          min="0"
          max="100"
          step={percent < 5 ? '0.1' : '1'}
          value={percent}
          onInput={(event) => setPercent(Number(event.currentTarget.value))}
        />
      </div>
    </SaveFlag>
  )
}
