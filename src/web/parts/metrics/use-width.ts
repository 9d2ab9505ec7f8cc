import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** How wide a box of the page is now. */
export function useWidth(): readonly [{ current: HTMLDivElement | null }, number] {
  const box = useRef<HTMLDivElement>(null)
  const [widthPx, setWidthPx] = useState(0)
  useLayoutEffect(() => {
    if (box.current === null) return
    setWidthPx(box.current.clientWidth)
    const watch = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)))
    watch.observe(box.current)
    return () => watch.disconnect()
  }, [])
  return [box, widthPx]
}
