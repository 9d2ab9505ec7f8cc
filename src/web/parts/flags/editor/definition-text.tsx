import { useId } from 'preact/hooks'

type Text = Readonly<{ text: string; onType: (text: string) => void }>

/** A definition as it is written down. */
export function DefinitionText({ text, onType }: Text) {
  const id = useId()
  const { found, why } = readDefinition(text)
  return (
    <div class="field">
      <label for={id}>Definition</label>
      <textarea
        id={id}
        class="flag-text"
        rows={18}
        spellcheck={false}
        autoComplete="off"
        value={text}
        aria-invalid={found === null}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      {found === null && <p class="tone-bad state-word">{why}</p>}
    </div>
  )
}

/** What is wrong with a definition the hub says, with where; that it is an object of JSON at all is seen here. */
export function readDefinition<T extends object>(
  text: string,
): Readonly<{ found: T; why: '' } | { found: null; why: string }> {
  try {
    const found: unknown = JSON.parse(text)
    if (typeof found === 'object' && found !== null && !Array.isArray(found))
      return { found: found as T, why: '' }
    return { found: null, why: 'A definition stands in braces: { … }' }
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return { found: null, why: `This is no JSON: ${thrown.message}` }
  }
}
