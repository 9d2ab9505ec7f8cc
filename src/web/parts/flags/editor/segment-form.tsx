import type { Segment } from '../../../../../sdk/flag/flag.ts'
import { firstCondition } from '../../../state/flags/condition-draft.ts'
import { ConditionForm } from './condition-form.tsx'
import type { Known } from './known.ts'
import { TypedText } from './typed-text.tsx'

type Form = Readonly<{ segment: Segment; known: Known; onEdit: (segment: Segment) => void }>

/** Who belongs to it: by what they are, or by name. */
export function SegmentForm({ segment, known, onEdit }: Form) {
  const { when, ...listed } = segment
  return (
    <div class="flag-form">
      {when === undefined ? (
        <button type="button" class="row-button" onClick={() => onEdit({ ...segment, when: firstCondition })}>
          Describe who belongs to it
        </button>
      ) : (
        <ConditionForm
          condition={when}
          known={known}
          onEdit={(next) => onEdit({ ...segment, when: next })}
          onRemove={() => onEdit(listed)}
        />
      )}
      {(['include', 'exclude'] as const).map((list) => (
        <div key={list} class="listed">
          <span>{listWords[list]}</span>
          <TypedText
            name={listWords[list]}
            hint="one in a line"
            hasLines
            text={(segment[list] ?? []).join('\n')}
            onType={(text) => onEdit(withList(segment, list, text))}
          />
        </div>
      ))}
    </div>
  )
}

type List = 'include' | 'exclude'

const listWords: Readonly<Record<List, string>> = { include: 'always these', exclude: 'never these' }

function withList(segment: Segment, list: List, text: string): Segment {
  const keys = text.split('\n').flatMap((line) => line.trim() || [])
  return { ...segment, [list]: keys.length === 0 ? undefined : keys }
}
