import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

type Box = Readonly<{
  title: string
  /** For what is wide by itself: a diff. */
  isWide?: boolean
  onClose: () => void
  children: ComponentChildren
}>

/** A modal dialog. The browser keeps the focus inside, closes it on Esc and gives the focus back. */
export function Dialog({ title, isWide = false, onClose, children }: Box) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useLayoutEffect(() => {
    const box = dialog.current
    box?.showModal()
    // Closing gives the focus back to where it was; being taken off the page alone does not.
    return () => box?.close()
  }, [])
  return (
    <dialog ref={dialog} class={isWide ? 'wide' : ''} aria-labelledby={titleId} onClose={onClose}>
      <div class="dialog-body">
        <h2 id={titleId}>{title}</h2>
        {children}
      </div>
    </dialog>
  )
}
