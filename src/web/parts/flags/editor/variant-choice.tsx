type Choice = Readonly<{
  name: string
  /** What it means when none is chosen. */
  nobody: string
  chosen: string | null
  variants: readonly string[]
  onChoose: (variant: string | null) => void
}>

/** One of the variants, or none. A variant may be called anything, so the empty text stands for none. */
export function VariantChoice({ name, nobody, chosen, variants, onChoose }: Choice) {
  const names = chosen === null || variants.includes(chosen) ? variants : [...variants, chosen]
  return (
    <select
      aria-label={name}
      value={chosen ?? ''}
      onChange={({ currentTarget: { value } }) => onChoose(value === '' ? null : value)}
    >
      {names.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
      <option value="">{nobody}</option>
    </select>
  )
}
