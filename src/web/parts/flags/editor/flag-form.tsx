import type { Flag, Requirement, Rule } from '../../../../../sdk/flag/flag.ts'
import { movedBy, withAt } from '../../../state/flags/edit-list.ts'
import { newRule } from '../../../state/flags/rule-draft.ts'
import type { Known } from './known.ts'
import { newId } from './new-id.ts'
import { RequirementForm } from './requirement-form.tsx'
import { RuleForm } from './rule-form.tsx'
import { VariantChoice } from './variant-choice.tsx'
import { VariantsForm } from './variants-form.tsx'

type Form = Readonly<{ flag: Flag; known: Known; onEdit: (flag: Flag) => void }>

/** All that decides who gets what, in the order in which it is decided. */
export function FlagForm({ flag, known, onEdit }: Form) {
  const variants = Object.keys(flag.variants)
  return (
    <div class="flag-form">
      <VariantsForm flag={flag} onEdit={onEdit} />
      <Requirements flag={flag} known={known} onEdit={onEdit} />
      <Rules flag={flag} known={known} onEdit={onEdit} />
      <label class="inline-field">
        everybody else gets
        <VariantChoice
          name="What everybody else gets"
          nobody="the program's own default"
          chosen={flag.default}
          variants={variants}
          onChoose={(name) => onEdit({ ...flag, default: name })}
        />
      </label>
      <label class="inline-field">
        while it is off, all get
        <VariantChoice
          name="What all get while it is off"
          nobody="the program's own default"
          chosen={flag.off}
          variants={variants}
          onChoose={(off) => onEdit({ ...flag, off })}
        />
      </label>
    </div>
  )
}

function Rules({ flag, known, onEdit }: Form) {
  const rules = flag.rules ?? []
  const edit = (next: readonly Rule[]) => onEdit({ ...flag, rules: next })
  return (
    <section aria-label="rules">
      {rules.map((rule, at) => (
        <RuleForm
          key={rule.id}
          rule={rule}
          place={at + 1}
          variants={Object.keys(flag.variants)}
          known={known}
          onEdit={(next) => edit(withAt(rules, at, next))}
          onMove={(by) => edit(movedBy(rules, at, by))}
          onRemove={() => edit(withAt(rules, at, null))}
        />
      ))}
      <button type="button" onClick={() => edit([...rules, newRule(flag, newId())])}>
        Add a rule
      </button>
    </section>
  )
}

function Requirements({ flag, known, onEdit }: Form) {
  const { requires = [], ...free } = flag
  const edit = (next: readonly Requirement[]) =>
    onEdit(next.length === 0 ? free : { ...flag, requires: next })
  return (
    <section aria-label="requirements">
      {requires.map((requirement, at) => (
        <fieldset
          class="condition-line"
          key={`${requires.length} ${at}`}
          aria-label={`requirement ${at + 1}`}
        >
          <span>only whom</span>
          <RequirementForm
            requirement={requirement}
            known={known}
            onEdit={(next) => edit(withAt(requires, at, next))}
          />
          <button
            type="button"
            class="plain"
            aria-label={`Take requirement ${at + 1} out`}
            onClick={() => edit(withAt(requires, at, null))}
          >
            ×
          </button>
        </fieldset>
      ))}
      <button type="button" class="row-button" onClick={() => edit([...requires, { flag: '', serves: [] }])}>
        Require another flag
      </button>
    </section>
  )
}
