import type { Rule } from '../../../../../sdk/flag/flag.ts'
import { firstCondition } from '../../../state/flags/condition-draft.ts'
import { newShare, percentOf, withPercent } from '../../../state/flags/rule-draft.ts'
import { ConditionForm } from './condition-form.tsx'
import type { Known } from './known.ts'
import { ServeForm } from './serve-form.tsx'
import { TypedText } from './typed-text.tsx'

type Form = Readonly<{
  rule: Rule
  place: number
  variants: readonly string[]
  known: Known
  onEdit: (rule: Rule) => void
  onMove: (by: number) => void
  onRemove: () => void
}>

/** One rule: whom it is for, how many of them, and what they get. */
export function RuleForm({ rule, place, variants, known, onEdit, onMove, onRemove }: Form) {
  const label = `rule ${place}`
  return (
    <fieldset class="rule-form" aria-label={label}>
      <div class="rule-head">
        <TypedText
          name="Name of the rule"
          hint={`${label}: what it is for`}
          text={rule.name ?? ''}
          onType={(name) => onEdit(named(rule, name))}
        />
        <span class="actions">
          <button
            type="button"
            class="plain"
            aria-label={`Decide ${label} earlier`}
            onClick={() => onMove(-1)}
          >
            ↑
          </button>
          <button type="button" class="plain" aria-label={`Decide ${label} later`} onClick={() => onMove(1)}>
            ↓
          </button>
          <button type="button" class="plain" aria-label={`Take ${label} out`} onClick={onRemove}>
            ×
          </button>
        </span>
      </div>
      <Who rule={rule} known={known} onEdit={onEdit} />
      <ShareForm rule={rule} onEdit={onEdit} />
      <ServeForm
        id={rule.id}
        serve={rule.serve}
        variants={variants}
        onEdit={(serve) => onEdit({ ...rule, serve })}
      />
    </fieldset>
  )
}

function named(rule: Rule, text: string): Rule {
  const { name: _name, ...nameless } = rule
  return text === '' ? nameless : { ...nameless, name: text }
}

type Part = Pick<Form, 'rule' | 'onEdit'>

function Who({ rule, known, onEdit }: Part & Pick<Form, 'known'>) {
  const { when, ...everybody } = rule
  if (when === undefined)
    return (
      <p class="rule-who">
        for everybody{' '}
        <button type="button" class="row-button" onClick={() => onEdit({ ...rule, when: firstCondition })}>
          Only for some
        </button>
      </p>
    )
  return (
    <ConditionForm
      condition={when}
      known={known}
      onEdit={(next) => onEdit({ ...rule, when: next })}
      onRemove={() => onEdit(everybody)}
    />
  )
}

function ShareForm({ rule, onEdit }: Part) {
  const { share, ...all } = rule
  return (
    <p class="rule-share">
      <label>
        <input
          type="checkbox"
          checked={share !== undefined}
          onChange={(event) =>
            onEdit(event.currentTarget.checked ? { ...rule, share: newShare(rule.id) } : all)
          }
        />
        only a share of them
      </label>
      {share !== undefined && (
        <>
          <input
            type="number"
            aria-label="Percent of them"
            min="0"
            max="100"
            step="0.01"
            value={percentOf(share)}
            onInput={(event) =>
              onEdit({ ...rule, share: withPercent(share, Number(event.currentTarget.value)) })
            }
          />
          <span>%</span>
        </>
      )}
    </p>
  )
}
