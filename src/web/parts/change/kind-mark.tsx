import type { JSX } from 'preact'
import { kindOf, type KindSigns, type KindWord, kindWords } from '../../words/kind-words.ts'

/** What a change is, as a shape with a colour of its own; the word stands beside it or in its title. */
export function KindMark({ change }: Readonly<{ change: KindSigns }>) {
  const kind = kindOf(change)
  return (
    <span class={`kind kind-${kind}`} title={kindWords(change)}>
      <svg class="shape" viewBox="0 0 16 16" aria-hidden="true">
        {shapeOf(kind)}
      </svg>
    </span>
  )
}

function shapeOf(kind: KindWord): JSX.Element {
  switch (kind) {
    case 'deploy':
      return <path class="line" d="M8 13.4V3.2M3.8 7.2 8 3l4.2 4.2" />
    case 'apply':
      return (
        <>
          <rect class="line" x="2" y="2.4" width="12" height="4.6" rx="1.2" />
          <rect class="line" x="2" y="9" width="12" height="4.6" rx="1.2" />
          <path class="line" d="M4.6 4.7h.2M4.6 11.3h.2" />
        </>
      )
    case 'run':
      return <path class="line" d="M2.6 4.2 6.4 8l-3.8 3.8M8.4 12h5" />
    case 'drift':
      return (
        <path
          class="line"
          d="M1.6 6.2c2.1-2.6 4.3-2.6 6.4 0s4.3 2.6 6.4 0M1.6 11c2.1-2.6 4.3-2.6 6.4 0s4.3 2.6 6.4 0"
        />
      )
    case 'flip':
      return (
        <>
          <rect class="line" x="1.6" y="4.4" width="12.8" height="7.2" rx="3.6" />
          <circle class="fill" cx="10.8" cy="8" r="1.8" />
        </>
      )
    case 'other':
      return <circle class="line" cx="8" cy="8" r="4" />
  }
}
