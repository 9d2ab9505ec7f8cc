import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Hub } from '../hub.ts'

const here = (): string => location.pathname + location.search

/** The address bar as state: links inside the dashboard do not load the page again. */
export function useAddress(): readonly [string, Hub['go']] {
  const [address, setAddress] = useState(here)
  const go = useCallback<Hub['go']>((to, how = 'push') => {
    if (how === 'replace') history.replaceState(history.state, '', to)
    else history.pushState({ isInner: true }, '', to)
    if (how === 'push') scrollTo(0, 0)
    setAddress(here())
  }, [])
  useEffect(() => {
    const onBack = () => setAddress(here())
    const onClick = (event: MouseEvent) => {
      const to = innerAddress(event)
      if (to === null) return
      event.preventDefault()
      go(to)
    }
    addEventListener('popstate', onBack)
    document.addEventListener('click', onClick)
    return () => {
      removeEventListener('popstate', onBack)
      document.removeEventListener('click', onClick)
    }
  }, [go])
  return [address, go]
}

/** Where a plain click on a link of the dashboard leads; null for everything the browser does better. */
function innerAddress(event: MouseEvent): string | null {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  if (!isPlain || event.defaultPrevented || !(event.target instanceof Element)) return null
  const link = event.target.closest('a')
  if (link === null || link.origin !== location.origin || link.hash !== '' || link.target !== '') return null
  return link.pathname + link.search
}
