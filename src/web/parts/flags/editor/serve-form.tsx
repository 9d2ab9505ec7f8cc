import type { Split } from '../../../../../sdk/flag/flag.ts'
import { withAt } from '../../../state/flags/edit-list.ts'
import { newSplit, percentOf, sumOf, withArms } from '../../../state/flags/rule-draft.ts'
import { VariantChoice } from './variant-choice.tsx'

type Form = Readonly<{
  /** Of the rule: what new lots are drawn by. */
  id: string
  serve: string | Split
  variants: readonly string[]
  onEdit: (serve: string | Split) => void
}>

/** One variant for all of them, or people divided among several. */
export function ServeForm({ id, serve, variants, onEdit }: Form) {
  return (
    <div class="serve">
      <label class="inline-field">
        gives
        <select
          value={typeof serve === 'string' ? `=${serve}` : ''}
          onChange={({ currentTarget: { value } }) =>
            onEdit(value === '' ? newSplit(id, variants) : value.slice(1))
          }
        >
          {variants.map((name) => (
            <option key={name} value={`=${name}`}>
              {name}
            </option>
          ))}
          <option value="">several, divided</option>
        </select>
      </label>
      {typeof serve !== 'string' && <Arms split={serve} variants={variants} onEdit={onEdit} />}
    </div>
  )
}

type Part = Readonly<{ variant: string | null; percent: number }>
type Division = Readonly<{ split: Split; variants: readonly string[]; onEdit: (split: Split) => void }>

function Arms({ split, variants, onEdit }: Division) {
  const arms: readonly Part[] = split.arms.map(({ variant, weight }) => ({
    variant,
    percent: percentOf({ weight, of: split.of }),
  }))
  const edit = (next: readonly Part[]) => onEdit(withArms(split, next))
  const sum = sumOf(split)
  return (
    <div class="arms">
      {arms.map((arm, at) => (
        <div class="arm" key={`${arms.length} ${at}`} role="group" aria-label={`part ${at + 1}`}>
          <input
            type="number"
            aria-label="Percent"
            min="0"
            max="100"
            step="0.01"
            value={arm.percent}
            onInput={(event) =>
              edit(withAt(arms, at, { ...arm, percent: Number(event.currentTarget.value) }))
            }
          />
          <span>%</span>
          <VariantChoice
            name="Variant"
            nobody="left to the next rule"
            chosen={arm.variant}
            variants={variants}
            onChoose={(variant) => edit(withAt(arms, at, { ...arm, variant }))}
          />
          <button
            type="button"
            class="plain"
            aria-label="Take this part out"
            onClick={() => edit(withAt(arms, at, null))}
          >
            ×
          </button>
        </div>
      ))}
      <p>
        <button
          type="button"
          class="row-button"
          onClick={() => edit([...arms, { variant: null, percent: 0 }])}
        >
          Add a part
        </button>{' '}
        {sum !== 100 && (
          <span class="tone-bad state-word">They make {sum} % together; it must be 100 %.</span>
        )}
      </p>
    </div>
  )
}
