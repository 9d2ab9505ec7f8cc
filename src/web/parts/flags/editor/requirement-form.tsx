import type { Requirement } from '../../../../../sdk/flag/flag.ts'
import type { Known } from './known.ts'

type Form = Readonly<{
  requirement: Requirement
  known: Known
  onEdit: (requirement: Requirement) => void
}>

/** Another flag, and which of its variants it must give. */
export function RequirementForm({ requirement: { flag, serves }, known, onEdit }: Form) {
  const names = [...new Set([...known.flags.keys(), ...(flag === '' ? [] : [flag])])]
  const variants = [...new Set([...(known.flags.get(flag) ?? []), ...serves])]
  return (
    <>
      <select
        aria-label="Flag"
        value={flag}
        onChange={(event) => onEdit({ flag: event.currentTarget.value, serves: [] })}
      >
        <option value="">which one?</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <span>gives</span>
      <fieldset class="ticks">
        <legend class="unseen">Variants that count</legend>
        {variants.map((variant) => (
          <label key={variant}>
            <input
              type="checkbox"
              checked={serves.includes(variant)}
              onChange={(event) =>
                onEdit({
                  flag,
                  serves: event.currentTarget.checked
                    ? [...serves, variant]
                    : serves.filter((one) => one !== variant),
                })
              }
            />
            {variant}
          </label>
        ))}
      </fieldset>
    </>
  )
}
