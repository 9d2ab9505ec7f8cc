import { useState } from 'preact/hooks'
import type { FlagView } from '../../../api/wire/flags.ts'
import type { Flag } from '../../../../sdk/flag/flag.ts'
import { useHub } from '../hub.ts'
import { useLoaded } from '../use-loaded.ts'
import { DefinitionText, readDefinition } from './editor/definition-text.tsx'
import { FlagForm } from './editor/flag-form.tsx'
import { knownIn, nothingKnown } from './editor/known.ts'
import { Tabs } from './editor/tabs.tsx'
import { SaveFlag } from './save-flag.tsx'

type Ask = Readonly<{ view: FlagView; environment: string; onClose: () => void }>

/** The flag in a form, or as it is written down: what the form has no field for can be edited all the same. */
export function EditDialog({ view, environment, onClose }: Ask) {
  const { api } = useHub()
  const [text, setText] = useState(written(view.flag))
  const [isText, showText] = useState(false)
  const known = useLoaded(environment, 0, () => api.flags(environment)).answer
  const { found } = readDefinition<Flag>(text)
  return (
    <SaveFlag
      title={`Edit ${view.key} in ${environment}`}
      view={view}
      environment={environment}
      wanted={found}
      onClose={onClose}
    >
      <Tabs names={['Form', 'JSON']} chosen={isText ? 1 : 0} onChoose={(at) => showText(at === 1)} />
      {isText || found === null ? (
        <DefinitionText text={text} onType={setText} />
      ) : (
        <FlagForm
          flag={found}
          known={known === null ? nothingKnown : knownIn(known)}
          onEdit={(flag) => setText(written(flag))}
        />
      )}
    </SaveFlag>
  )
}

const written = (flag: Flag): string => JSON.stringify(flag, null, 2)
