import { useEffect, useRef } from 'preact/hooks'
import { type Act, type Pending, press } from '../../state/shortcuts.ts'
import { useHub } from '../hub.ts'

/** The id of the field that `/` goes to. */
export const filterId = 'filter'

/** Listens to the keys of the whole page; keys typed into a field or over a dialog are left alone. */
export function useShortcuts(explain: () => void): void {
  const hub = useHub()
  const world = useRef({ hub, explain })
  world.current = { hub, explain }
  useEffect(() => {
    let pending: Pending = null
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return
      const pressed = press(pending, event.key, event.timeStamp)
      pending = pressed.pending
      if (pressed.act === null) return
      event.preventDefault()
      perform(pressed.act, world.current.hub.go, world.current.explain)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]') !== null) return true
  return target instanceof HTMLElement && target.closest('input, textarea, select, .editor') !== null
}

function perform(act: Act, go: (address: string) => void, explain: () => void): void {
  switch (act.type) {
    case 'go':
      return go(act.to)
    case 'explain':
      return explain()
    case 'filter': {
      if (document.getElementById(filterId) === null) go('/')
      // The timeline is drawn in the next frame if another page was shown.
      requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(filterId)?.focus()))
    }
  }
}
