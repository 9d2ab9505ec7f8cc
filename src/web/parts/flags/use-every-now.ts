import { useEffect, useState } from 'preact/hooks'

/** A number that grows after each pause, for what nobody tells: counts. Not while nobody looks at the page. */
export function useEveryNow(pauseMs: number): number {
  const [beat, setBeat] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setBeat((before) => before + 1)
    }, pauseMs)
    return () => clearInterval(timer)
  }, [pauseMs])
  return beat
}
