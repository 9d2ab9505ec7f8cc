import type { Flag, Json } from '../../../../../sdk/flag/flag.ts'
import { withAt } from '../../../state/flags/edit-list.ts'
import { TypedText } from './typed-text.tsx'

type Variant = readonly [name: string, value: Json]
type Form = Readonly<{ flag: Flag; onEdit: (flag: Flag) => void }>

/** What can come out of it: names, and the values that programs are given. A switch has its two. */
export function VariantsForm({ flag, onEdit }: Form) {
  if (flag.type === 'boolean') return null
  const variants: readonly Variant[] = Object.entries(flag.variants)
  const edit = (next: readonly Variant[]) => onEdit({ ...flag, variants: Object.fromEntries(next) })
  return (
    <section aria-label="variants" class="variants-form">
      {variants.map(([name, value], at) => (
        <div
          class="condition-line"
          key={`${variants.length} ${at}`}
          role="group"
          aria-label={`variant ${at + 1}`}
        >
          <TypedText
            name="Name of the variant"
            text={name}
            onType={(text) => edit(withAt<Variant>(variants, at, [text, value]))}
          />
          <TypedText
            name="Its value"
            text={valueText(flag, value)}
            onType={(text) => edit(withAt<Variant>(variants, at, [name, valueIn(flag, text)]))}
          />
          <button
            type="button"
            class="plain"
            aria-label={`Take the variant ${name} out`}
            onClick={() => edit(withAt(variants, at, null))}
          >
            ×
          </button>
        </div>
      ))}
      <button
        type="button"
        class="row-button"
        onClick={() => edit([...variants, [`variant ${variants.length + 1}`, emptyOf(flag)]])}
      >
        Add a variant
      </button>
    </section>
  )
}

const emptyOf = ({ type }: Flag): Json => (type === 'string' ? '' : type === 'number' ? 0 : {})

const valueText = ({ type }: Flag, value: Json): string =>
  type === 'string' && typeof value === 'string' ? value : JSON.stringify(value)

/** What is no such value stays a text: whoever checks the flag says what is wrong with it. */
function valueIn({ type }: Flag, text: string): Json {
  if (type === 'string') return text
  try {
    return JSON.parse(text) as Json
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return text
  }
}
