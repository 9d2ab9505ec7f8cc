import { useId, useState } from 'preact/hooks'
import type { FlagRoutes } from '../../../api/wire/flags.ts'
import type { Flag, FlagType } from '../../../../sdk/flag/flag.ts'
import { firstFlag, flagTypes } from '../../state/flags/first-flag.ts'
import { FlagForm } from './editor/flag-form.tsx'
import { knownIn } from './editor/known.ts'
import { SaveDefinition } from './save-definition.tsx'

type Ask = Readonly<{ found: FlagRoutes['GET /api/flags']; onClose: () => void }>

/** Makes a flag. It begins dark: everybody gets what they had. */
export function NewFlagDialog({ found, onClose }: Ask) {
  const [key, setKey] = useState('')
  const [flag, setFlag] = useState<Flag>(firstFlag('boolean'))
  const ids = { key: useId(), type: useId(), about: useId() }
  return (
    <SaveDefinition
      title={`New flag in ${found.environment}`}
      environment={found.environment}
      item={key === '' ? null : { flag: key, to: flag, base: null }}
      onClose={onClose}
    >
      <div class="field">
        <label for={ids.key}>Name</label>
        <input
          id={ids.key}
          autoComplete="off"
          placeholder="new-checkout"
          value={key}
          onInput={(event) => setKey(event.currentTarget.value.trim())}
        />
      </div>
      <div class="field">
        <label for={ids.about}>What it is for</label>
        <input
          id={ids.about}
          autoComplete="off"
          value={flag.about?.description ?? ''}
          onInput={({ currentTarget: { value } }) =>
            setFlag({ ...flag, about: value === '' ? {} : { description: value } })
          }
        />
      </div>
      <div class="field">
        <label for={ids.type}>Type</label>
        <select
          id={ids.type}
          value={flag.type}
          onChange={(event) => setFlag(firstFlag(event.currentTarget.value as FlagType, flag.about))}
        >
          {flagTypes.map((type) => (
            <option key={type} value={type}>
              {type}
            </option>
          ))}
        </select>
      </div>
      <FlagForm key={flag.type} flag={flag} known={knownIn(found)} onEdit={setFlag} />
    </SaveDefinition>
  )
}
