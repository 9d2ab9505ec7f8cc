import type { Condition } from '../../../../../sdk/flag/flag.ts'
import {
  type ConditionKind,
  conditionKinds,
  firstCondition,
  kindOfCondition,
  turnedInto,
} from '../../../state/flags/condition-draft.ts'
import { withAt } from '../../../state/flags/edit-list.ts'
import { conditionWords } from '../../../words/flags/operator-words.ts'
import { AttributeForm } from './attribute-form.tsx'
import type { Known } from './known.ts'
import { RequirementForm } from './requirement-form.tsx'

type Form = Readonly<{
  condition: Condition
  known: Known
  onEdit: (condition: Condition) => void
  /** Null where there must be one. */
  onRemove: (() => void) | null
}>

/** A condition, and those inside it. */
export function ConditionForm({ condition, known, onEdit, onRemove }: Form) {
  const kind = kindOfCondition(condition)
  return (
    <div class="condition" role="group" aria-label="condition">
      <div class="condition-line">
        <select
          aria-label="Kind of condition"
          value={kind}
          onChange={(event) => onEdit(turnedInto(condition, event.currentTarget.value as ConditionKind))}
        >
          {conditionKinds.map((each) => (
            <option key={each} value={each}>
              {conditionWords[each]}
            </option>
          ))}
        </select>
        <Single condition={condition} known={known} onEdit={onEdit} />
        {onRemove !== null && (
          <button type="button" class="plain" aria-label="Take this condition out" onClick={onRemove}>
            ×
          </button>
        )}
      </div>
      <Inside condition={condition} known={known} onEdit={onEdit} />
    </div>
  )
}

type Part = Pick<Form, 'condition' | 'known' | 'onEdit'>

/** What fits into one line. */
function Single({ condition, known, onEdit }: Part) {
  if ('attribute' in condition) return <AttributeForm condition={condition} onEdit={onEdit} />
  if ('flag' in condition) return <RequirementForm requirement={condition} known={known} onEdit={onEdit} />
  if (!('segment' in condition)) return null
  return (
    <select
      aria-label="Segment"
      value={condition.segment}
      onChange={(event) => onEdit({ segment: event.currentTarget.value })}
    >
      <option value="">which one?</option>
      {[...known.segments].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}

/** Conditions that lie in one. */
function Inside({ condition, known, onEdit }: Part) {
  if ('not' in condition)
    return (
      <div class="condition-inside">
        <ConditionForm
          condition={condition.not}
          known={known}
          onEdit={(not) => onEdit({ not })}
          onRemove={null}
        />
      </div>
    )
  if (!('all' in condition) && !('any' in condition)) return null
  const parts = 'all' in condition ? condition.all : condition.any
  const edit = (next: readonly Condition[]) => onEdit('all' in condition ? { all: next } : { any: next })
  return (
    <div class="condition-inside">
      {parts.map((part, at) => (
        <ConditionForm
          key={`${parts.length} ${at}`}
          condition={part}
          known={known}
          onEdit={(next) => edit(withAt(parts, at, next))}
          onRemove={() => edit(withAt(parts, at, null))}
        />
      ))}
      <button type="button" class="row-button" onClick={() => edit([...parts, firstCondition])}>
        Add a condition
      </button>
    </div>
  )
}
