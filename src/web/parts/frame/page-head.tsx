import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useHub } from '../hub.ts'

type Head = Readonly<{ title: string; children?: ComponentChildren }>

/** The heading of a page. It takes the focus when the page was reached from another one. */
export function PageHead({ title, children }: Head) {
  const { address } = useHub()
  const heading = useRef<HTMLHeadingElement>(null)
  const page = address.split('?')[0]
  useEffect(() => {
    if (globalThis.history.state?.isInner === true) heading.current?.focus({ preventScroll: true })
  }, [page])
  return (
    <div class="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  )
}
