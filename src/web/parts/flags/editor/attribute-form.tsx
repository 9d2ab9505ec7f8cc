import { operators, type AttributeCondition } from '../../../../../sdk/flag/flag.ts'
import {
  askedBy,
  attributeIn,
  attributeText,
  type Operator,
  takesMany,
  valueText,
  withValue,
} from '../../../state/flags/condition-draft.ts'
import { operatorWords } from '../../../words/flags/operator-words.ts'
import { TypedText } from './typed-text.tsx'

type Form = Readonly<{
  condition: AttributeCondition
  onEdit: (condition: AttributeCondition) => void
}>

/** One question about an attribute. */
export function AttributeForm({ condition, onEdit }: Form) {
  const { attribute, op } = condition
  return (
    <>
      <TypedText
        name="Attribute"
        hint="country"
        text={attributeText(attribute)}
        onType={(text) => onEdit({ ...condition, attribute: attributeIn(text) })}
      />
      <select
        aria-label="Operator"
        value={op}
        onChange={(event) => onEdit(askedBy(condition, event.currentTarget.value as Operator))}
      >
        {operators.map((each) => (
          <option key={each} value={each}>
            {operatorWords[each]}
          </option>
        ))}
      </select>
      {op !== 'present' && (
        <TypedText
          key={op}
          name="Value"
          hint={takesMany(op) ? 'one in a line' : ''}
          hasLines={takesMany(op)}
          text={valueText(condition)}
          onType={(text) => onEdit(withValue(attribute, op, text))}
        />
      )}
    </>
  )
}
