import { targetsOf } from '../../state/model.ts'
import { useModel } from '../hub.ts'
import { FilterField } from '../filter-field.tsx'

type Choice = Readonly<{ target: string | null; text: string }>

/** Narrows the timeline to a target and to rows that hold some words. */
export function TimelineFilter({
  target,
  text,
  onChange,
}: Choice & Readonly<{ onChange: (next: Choice) => void }>) {
  const known = useModel((model) => targetsOf(model).join('\n'))
  const targets = new Set(known.split('\n').filter((name) => name !== ''))
  if (target !== null) targets.add(target)
  return (
    <search class="filter">
      <label class="inline-field">
        <span class="unseen">Target</span>
        <select
          value={target ?? ''}
          onChange={(event) => onChange({ target: event.currentTarget.value || null, text })}
        >
          <option value="">all targets</option>
          {[...targets].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <FilterField
        of="the changes"
        hint="Filter changes"
        text={text}
        onText={(next) => onChange({ target, text: next })}
      />
    </search>
  )
}
