export type Soon = Readonly<{ ask: () => void; stop: () => void }>

/** Runs `act` a short while after it was asked for; asking again in the meantime changes nothing. */
export function makeSoon(afterMs: number, act: () => unknown): Soon {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    ask: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        act()
      }, afterMs)
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
