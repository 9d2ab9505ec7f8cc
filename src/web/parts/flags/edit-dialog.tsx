import { useId, useState } from 'preact/hooks'
import type { FlagView } from '../../../api/wire-flags.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import { SaveFlag } from './save-flag.tsx'

type Ask = Readonly<{ view: FlagView; environment: string; onClose: () => void }>

/** The whole definition as it is written down: what no form has a field for can be edited all the same. */
export function EditDialog({ view, environment, onClose }: Ask) {
  const [text, setText] = useState(JSON.stringify(view.flag, null, 2))
  const id = useId()
  const read = readJson(text)
  return (
    <SaveFlag
      title={`Edit ${view.key} in ${environment}`}
      view={view}
      environment={environment}
      wanted={read.flag}
      onClose={onClose}
    >
      <div class="field">
        <label for={id}>Definition</label>
        <textarea
          id={id}
          class="flag-text"
          rows={18}
          spellcheck={false}
          autoComplete="off"
          value={text}
          aria-invalid={read.flag === null}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        {read.flag === null && <p class="tone-bad state-word">{read.why}</p>}
      </div>
    </SaveFlag>
  )
}

/** What is wrong with a flag the hub says, with where; that it is JSON at all is seen here. */
function readJson(text: string): Readonly<{ flag: Flag; why: '' } | { flag: null; why: string }> {
  try {
    return { flag: JSON.parse(text) as Flag, why: '' }
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return { flag: null, why: `This is no JSON: ${thrown.message}` }
  }
}
