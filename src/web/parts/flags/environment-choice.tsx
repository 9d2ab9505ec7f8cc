type Choice = Readonly<{ chosen: string; all: readonly string[]; onChoose: (environment: string) => void }>

/** Which environment's flags are shown. */
export function EnvironmentChoice({ chosen, all, onChoose }: Choice) {
  const names = all.includes(chosen) ? all : [...all, chosen]
  return (
    <label class="inline-field">
      <span class="unseen">Environment</span>
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
