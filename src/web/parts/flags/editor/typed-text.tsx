import { useState } from 'preact/hooks'

type Field = Readonly<{
  name: string
  hint?: string
  hasLines?: boolean
  text: string
  onType: (text: string) => void
}>

/** What is typed stays as it is typed, also where the same could be said in other words. */
export function TypedText({ name, hint = '', hasLines = false, text, onType }: Field) {
  const [typed, setTyped] = useState(text)
  const told = {
    'aria-label': name,
    placeholder: hint,
    autoComplete: 'off',
    spellcheck: false,
    value: typed,
    onInput: ({ currentTarget }: Readonly<{ currentTarget: HTMLInputElement | HTMLTextAreaElement }>) => {
      setTyped(currentTarget.value)
      onType(currentTarget.value)
    },
  }
  if (!hasLines) return <input {...told} />
  return <textarea {...told} rows={Math.min(8, Math.max(1, typed.split('\n').length))} />
}
