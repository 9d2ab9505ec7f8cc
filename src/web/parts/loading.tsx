import type { ComponentChildren } from 'preact'
import { TroubleView } from './trouble-view.tsx'
import type { Loaded } from './use-loaded.ts'

type Wait<T> = Readonly<{ of: Loaded<T>; children: (answer: T) => ComponentChildren }>

/** What was asked for, once it is there; else why it is not. */
export function Loading<T>({ of, children }: Wait<T>) {
  if (of.trouble !== null) return <TroubleView trouble={of.trouble} />
  if (of.answer === null)
    return (
      <p class="quiet loading" role="status">
        Loading …
      </p>
    )
  return <>{children(of.answer)}</>
}
