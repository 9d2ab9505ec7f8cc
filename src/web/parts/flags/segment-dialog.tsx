import { useId, useState } from 'preact/hooks'
import type { FlagRoutes, SegmentView } from '../../../api/wire/flags.ts'
import type { Segment } from '../../../../sdk/flag/flag.ts'
import { DefinitionText, readDefinition } from './editor/definition-text.tsx'
import { knownIn } from './editor/known.ts'
import { SegmentForm } from './editor/segment-form.tsx'
import { Tabs } from './editor/tabs.tsx'
import { SaveDefinition } from './save-definition.tsx'

type Ask = Readonly<{
  /** Null for one that is to be made. */
  view: SegmentView | null
  found: FlagRoutes['GET /api/flags']
  onClose: () => void
}>

/** Makes a segment, or makes one another, in a form or as it is written down. */
export function SegmentDialog({ view, found, onClose }: Ask) {
  const [key, setKey] = useState(view?.key ?? '')
  const [text, setText] = useState(written(view?.segment ?? {}))
  const [isText, showText] = useState(false)
  const id = useId()
  const read = readDefinition<Segment>(text).found
  const item =
    read === null || key === '' ? null : { segment: key, to: read, base: view === null ? null : view.rev }
  return (
    <SaveDefinition
      title={view === null ? `New segment in ${found.environment}` : `Edit ${key} in ${found.environment}`}
      environment={found.environment}
      item={item}
      onClose={onClose}
    >
      {view === null && (
        <div class="field">
          <label for={id}>Name</label>
          <input
            id={id}
            autoComplete="off"
            placeholder="beta-testers"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value.trim())}
          />
        </div>
      )}
      <Tabs names={['Form', 'JSON']} chosen={isText ? 1 : 0} onChoose={(at) => showText(at === 1)} />
      {isText || read === null ? (
        <DefinitionText text={text} onType={setText} />
      ) : (
        <SegmentForm segment={read} known={knownIn(found)} onEdit={(segment) => setText(written(segment))} />
      )}
    </SaveDefinition>
  )
}

const written = (segment: Segment): string => JSON.stringify(segment, null, 2)
