import type { JSX } from 'preact'
import { useState } from 'preact/hooks'

/** The first items of a long list, and the button that shows as many again; null when all are shown. */
export function useMore<T>(
  items: readonly T[],
  atOnce: number,
): Readonly<{ shown: readonly T[]; more: JSX.Element | null }> {
  const [pages, turn] = useState(1)
  const left = items.length - pages * atOnce
  if (left <= 0) return { shown: items, more: null }
  const next = Math.min(left, atOnce)
  return {
    shown: items.slice(0, pages * atOnce),
    more: (
      <p class="end">
        <button type="button" onClick={() => turn(pages + 1)}>
          Show {next.toLocaleString('en-GB')} more of {items.length.toLocaleString('en-GB')}
        </button>
      </p>
    ),
  }
}
