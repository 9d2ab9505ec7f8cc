import { filterId } from './frame/use-shortcuts.ts'

type Field = Readonly<{
  /** What is narrowed: `the changes`. */
  of: string
  hint: string
  text: string
  onText: (text: string) => void
}>

/** Words that the rows of a page are narrowed by. `/` goes there, so a page has one. */
export function FilterField({ of, hint, text, onText }: Field) {
  return (
    <label class="inline-field filter-text">
      <span class="unseen">Filter {of}</span>
      <input
        id={filterId}
        type="search"
        placeholder={hint}
        autoComplete="off"
        value={text}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  )
}
