type Choice = Readonly<{ names: readonly string[]; chosen: number; onChoose: (at: number) => void }>

/** Several ways to see one thing. */
export function Tabs({ names, chosen, onChoose }: Choice) {
  return (
    <div class="tabs" role="group" aria-label="How it is shown">
      {names.map((name, at) => (
        <button key={name} type="button" aria-pressed={at === chosen} onClick={() => onChoose(at)}>
          {name}
        </button>
      ))}
    </div>
  )
}
