import { useId } from 'preact/hooks'

type Field = Readonly<{ value: string; onInput: (value: string) => void; hint: string }>

/** The reason that everybody will read beside the change. */
export function WhyField({ value, onInput, hint }: Field) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>Why</label>
      <input
        id={id}
        autoComplete="off"
        maxLength={500}
        required
        placeholder={hint}
        value={value}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  )
}
